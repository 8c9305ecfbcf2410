package io.shield.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/** A short run of the benchmark in this JVM, with ten routes. */
class LookupTest {
  /** What other threads allocate beside, for each operation; the smallest object takes 16. */
  private static final double NOISE = 4;

  private static List<Measurement> measurements;

  @BeforeAll
  static void measure() throws RunnerException {
    BenchmarkRun run = new BenchmarkRun(Benchmarks.LOOKUP, new Effort(1, 2, 5, 40));
    Progress progress = new Progress(new PrintWriter(new StringWriter()), 10);
    measurements =
        BenchmarkRun.merged(
            new ArrayList<>(
                new Runner(run.options().forks(0).param("routes", "10").build(), progress).run()));
  }

  @Test
  void printsARatioForEachComparison() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    new Report(Benchmarks.LOOKUP, measurements).results().print(out);
    out.flush();

    assertThat(names(text, "ratio"))
        .containsExactly(
            "lookup-verdict-constant",
            "lookup-verdict-timed",
            "lookup-verdict-exempt",
            "lookup-static-10",
            "lookup-template-10",
            "lookup-unknown-10");
    assertThat(names(text, "alloc"))
        .containsExactlyElementsOf(
            names(text, "ratio").stream()
                .flatMap(name -> List.of(name, name + "-baseline").stream())
                .toList());
    assertThat(text.toString().lines().reduce((line, last) -> last).orElse(""))
        .matches("ratio lookup-unknown-10 [0-9.]+");
  }

  private static List<String> names(StringWriter text, String word) {
    return text.toString()
        .lines()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.split(" ", -1)[1])
        .toList();
  }

  @Test
  void aConstantVerdictAllocatesNothing() {
    assertThat(bytes("VerdictBenchmark.constant")).isLessThan(NOISE);
    assertThat(bytes("VerdictBenchmark.timed")).isLessThan(NOISE);
  }

  @Test
  void aLookUpAllocatesNothingBesideItsKey() {
    for (String kind : List.of("static", "template", "unknown")) {
      double key = bytes("LookupBenchmark.map kind=" + kind + " routes=10");
      double ours = bytes("LookupBenchmark.shield kind=" + kind + " routes=10");

      // A string of 30 characters, its header and the array's.
      assertThat(key).as(kind).isBetween(60.0, 80.0);
      assertThat(ours - key).as(kind).isLessThan(NOISE);
    }
  }

  private static double bytes(String label) {
    return measurements.stream()
        .collect(Collectors.toMap(Measurement::label, Function.identity()))
        .get(label)
        .bytes();
  }
}
