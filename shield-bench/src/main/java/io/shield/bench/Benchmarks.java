package io.shield.bench;

import io.shield.bench.backend.OriginalRun;
import io.shield.bench.fanout.FanoutRun;
import io.shield.bench.http.HttpRun;
import io.shield.bench.memory.MemoryRun;
import io.shield.bench.pressure.PressureRun;
import io.shield.bench.propagation.PropagationRun;
import io.shield.bench.run.Goal;
import io.shield.bench.shared.SharedLimitsRun;
import io.shield.bench.soak.SoakRun;
import io.shield.bench.startup.StartupRun;
import java.util.List;

/** The benchmarks there are. A new one is one entry here and its JMH classes in a package below. */
final class Benchmarks {
  static final Benchmark LOOKUP =
      new Benchmark(
          "lookup",
          "what a request pays Shield to find its route and verdict, beside a bare map get",
          512,
          "^io\\.shield\\.bench\\.lookup\\.",
          List.of(
              new Comparison(
                  "lookup-verdict-constant", "VerdictBenchmark.constant", "VerdictBenchmark.map"),
              new Comparison(
                  "lookup-verdict-timed", "VerdictBenchmark.timed", "VerdictBenchmark.map"),
              new Comparison(
                  "lookup-verdict-exempt", "VerdictBenchmark.exempt", "VerdictBenchmark.map"),
              new Comparison(
                  "lookup-{kind}-{routes}", "LookupBenchmark.shield", "LookupBenchmark.map")),
          List.of(
              Goal.ratioAtMost("lookup-static-10", 1.5),
              Goal.ratioAtMost("lookup-static-1000", 1.5),
              Goal.ratioAtMost("lookup-static-100000", 3),
              Goal.ratioAtMost("lookup-template-10", 2),
              Goal.ratioAtMost("lookup-template-1000", 2.5),
              Goal.ratioAtMost("lookup-template-100000", 5),
              Goal.ratioAtMost("lookup-unknown-10", 1),
              Goal.ratioAtMost("lookup-unknown-1000", 1.5),
              Goal.ratioAtMost("lookup-unknown-100000", 3)));

  static final Benchmark LIMITS =
      new Benchmark(
          "limits",
          "what a request pays to be counted, beside Bucket4j, Caffeine with it, and Resilience4j",
          2048,
          "^io\\.shield\\.bench\\.limits\\.",
          List.of(
              new Comparison(
                  "limits-hot-1-{algorithm}", "HotKeyBenchmark.shield", "HotKeyBenchmark.bucket4j"),
              new Comparison(
                  "limits-hot-2-{algorithm}",
                  "HotKeyBenchmark.shieldTwo",
                  "HotKeyBenchmark.bucket4jTwo"),
              new Comparison(
                  "limits-hot-1-{algorithm}-lock-free",
                  "HotKeyBenchmark.shield",
                  "HotKeyBenchmark.lockFree"),
              new Comparison(
                  "limits-hot-2-{algorithm}-lock-free",
                  "HotKeyBenchmark.shieldTwo",
                  "HotKeyBenchmark.lockFreeTwo"),
              new Comparison(
                  "limits-hot-1-{algorithm}-resilience4j",
                  "HotKeyBenchmark.shield",
                  "HotKeyBenchmark.resilience4j"),
              new Comparison(
                  "limits-hot-2-{algorithm}-resilience4j",
                  "HotKeyBenchmark.shieldTwo",
                  "HotKeyBenchmark.resilience4jTwo"),
              new Comparison(
                  "limits-hot-1-{algorithm}-same-clock",
                  "HotKeyBenchmark.shield",
                  "HotKeyBenchmark.ticking"),
              new Comparison(
                  "limits-hot-2-{algorithm}-same-clock",
                  "HotKeyBenchmark.shieldTwo",
                  "HotKeyBenchmark.tickingTwo"),
              new Comparison(
                  "limits-million-{algorithm}",
                  "ManyKeysBenchmark.shield",
                  "ManyKeysBenchmark.caffeine"),
              new Comparison(
                  "limits-three-policies", "PoliciesBenchmark.three", "PoliciesBenchmark.one"),
              new Comparison(
                  "limits-three-policies-engine",
                  "ChargingBenchmark.three",
                  "ChargingBenchmark.one")),
          List.of(
              Goal.ratioAtMost("limits-hot-1-{algorithm}", 0.8),
              Goal.ratioAtMost("limits-hot-2-{algorithm}", 0.5),
              Goal.ratioAtMost("limits-hot-1-{algorithm}-lock-free", 0.8),
              Goal.ratioAtMost("limits-hot-2-{algorithm}-lock-free", 0.5),
              Goal.ratioAtMost("limits-million-{algorithm}", 0.2),
              Goal.ratioAtMost("limits-three-policies", 1.4),
              Goal.ratioAtMost("limits-three-policies-engine", 1.4),
              Goal.atMost("alloc", "limits-three-policies-engine", 120)));

  static final Benchmark BACKEND =
      new Benchmark(
          "backend",
          "what a request pays with each backend, beside the bare router, and what a commit costs",
          2048,
          9000,
          "^io\\.shield\\.bench\\.backend\\.",
          List.of("CommitBenchmark\\..*Stored$"),
          List.of(
              new Comparison(
                      "backend-request-{backend}",
                      "RequestBenchmark.shield",
                      "RequestBenchmark.bare")
                  .likeEachOther(),
              new Comparison(
                  "backend-commit-{backend}-{routes}",
                  "CommitBenchmark.many",
                  "CommitBenchmark.few"),
              new Comparison(
                  "backend-commit-{backend}-{routes}",
                  "CommitBenchmark.manyStored",
                  "CommitBenchmark.fewStored"),
              new Comparison(
                  "backend-commit-{backend}-{routes}",
                  "CommitBenchmark.fleetStored",
                  "CommitBenchmark.fewStored")),
          List.of(
              Goal.atMost("apart", "backend-request", 0),
              Goal.ratioAtMost("backend-commit-memory-{routes}", 1.2),
              Goal.ratioAtMost("backend-commit-redis-{routes}", 1.2),
              Goal.ratioAtMost("backend-commit-cluster-{routes}", 1.2)));

  static final WholeRun PROPAGATION =
      new WholeRun(
          "propagation",
          "how long a change takes from one node to another, beside one message on the same way",
          PropagationRun.GOALS,
          PropagationRun::run);

  static final WholeRun LIMITS_REDIS =
      new WholeRun(
          "limits-redis",
          "how fast limits are counted in Redis, beside Bucket4j, Redisson and redis-benchmark",
          SharedLimitsRun.GOALS,
          SharedLimitsRun::run);

  static final WholeRun PRESSURE =
      new WholeRun(
          "pressure",
          "what a gate's requests pay while others press on the admin API, beside an idle one",
          PressureRun.GOALS,
          PressureRun::run);

  static final WholeRun FANOUT =
      new WholeRun(
          "fanout",
          "how a change reaches the clients of a server, beside bare Vert.x with the same bytes",
          FanoutRun.GOALS,
          FanoutRun::run);

  static final WholeRun HTTP =
      new WholeRun(
          "http",
          "what requests over loopback pay, beside no handler, a flag, Bucket4j, Resilience4j",
          HttpRun.GOALS,
          HttpRun::run);

  static final WholeRun STARTUP =
      new WholeRun(
          "startup",
          "time and memory to the first enforced request, beside bare Vert.x",
          StartupRun.GOALS,
          StartupRun::run);

  static final WholeRun MEMORY =
      new WholeRun(
          "memory",
          "what a route, a policy, a key and a connected client take of the heap",
          MemoryRun.GOALS,
          MemoryRun::run);

  static final WholeRun SOAK =
      new WholeRun(
          "soak",
          "what grows while states, keys, clients and routers come and go",
          SoakRun.GOALS,
          SoakRun::run);

  static final WholeRun ORIGINAL =
      new WholeRun(
          "original",
          "a request with each backend, beside a check of api-shield 0.8.3",
          List.of(),
          OriginalRun::run);

  static final List<Choice> ALL =
      List.of(
          LOOKUP,
          HTTP,
          LIMITS,
          LIMITS_REDIS,
          BACKEND,
          ORIGINAL,
          MEMORY,
          PROPAGATION,
          PRESSURE,
          FANOUT,
          STARTUP,
          SOAK);

  private Benchmarks() {}
}
