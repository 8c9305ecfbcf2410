package io.shield.bench;

import java.util.List;

/** The benchmarks there are. A new one is one entry here and its JMH classes in a package below. */
final class Benchmarks {
  static final Benchmark LOOKUP =
      new Benchmark(
          "lookup",
          "what a request pays Shield to find its route and verdict, beside a bare map get",
          "^io\\.shield\\.bench\\.lookup\\.",
          List.of(
              new Comparison(
                  "lookup-verdict-constant", "VerdictBenchmark.constant", "VerdictBenchmark.map"),
              new Comparison(
                  "lookup-verdict-timed", "VerdictBenchmark.timed", "VerdictBenchmark.map"),
              new Comparison(
                  "lookup-verdict-exempt", "VerdictBenchmark.exempt", "VerdictBenchmark.map"),
              new Comparison(
                  "lookup-{kind}-{routes}", "LookupBenchmark.shield", "LookupBenchmark.map")));

  static final List<Benchmark> ALL = List.of(LOOKUP);

  private Benchmarks() {}
}
