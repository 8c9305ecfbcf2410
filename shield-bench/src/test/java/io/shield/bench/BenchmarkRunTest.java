package io.shield.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.AverageTimeResult;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.IterationResultMetaData;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.runner.options.TimeValue;

class BenchmarkRunTest {
  @Test
  void announcesHowManyMeasurementsAndHowLong() {
    Effort effort = new Effort(2, 1, 3, 250);

    assertThat(new BenchmarkRun(Benchmarks.LOOKUP, effort).announcement())
        .isEqualTo("22 measurements, 2 forks of 3 x 250 ms each; this takes about 88 seconds.");
  }

  @Test
  void aQuickRunTakesLessThanAMinuteAndAFullOneTenAtMost() {
    assertThat(new BenchmarkRun(Benchmarks.LOOKUP, Effort.QUICK).announcement())
        .endsWith("this takes about 44 seconds.");
    assertThat(new BenchmarkRun(Benchmarks.LOOKUP, Effort.FULL).announcement())
        .endsWith("this takes about 8 minutes.");
  }

  @Test
  void aQuickRunLeavesOutWhatTakesMinutesToSetUp() {
    assertThat(new BenchmarkRun(Benchmarks.BACKEND, Effort.QUICK).announcement())
        .startsWith("11 measurements");
    assertThat(new BenchmarkRun(Benchmarks.BACKEND, Effort.FULL).announcement())
        .startsWith("25 measurements");
  }

  @Test
  void theForksOfAMeasurementBecomeOne() {
    RunResult small = result("10", 7, 7, 7);
    RunResult first = result("1000", 1, 2, 90);
    RunResult second = result("1000", 4, 5, 6);

    List<Measurement> merged = BenchmarkRun.merged(List.of(small, first, second));

    assertThat(merged)
        .extracting(Measurement::label)
        .containsExactly("Sample.get size=10", "Sample.get size=1000");
    assertThat(merged.get(1).nanos()).isEqualTo(4.5);
    assertThat(merged.get(1).wall()).isEqualTo(45);
    assertThat(merged.get(1).bytes()).isEqualTo(450);
    assertThat(merged.get(1).error()).isGreaterThan(0);
    assertThat(merged.get(0).error()).isCloseTo(0, within(0.001));
  }

  /** In JVMs of their own, as for people. */
  @Test
  void measuresInForks() throws RunnerException {
    String include = "^io\\.shield\\.bench\\.lookup\\.VerdictBenchmark\\.(constant|map)$";
    Benchmark small =
        new Benchmark(
            "small",
            "a part",
            64,
            include,
            List.of(new Comparison("small", "VerdictBenchmark.constant", "VerdictBenchmark.map")),
            List.of());
    StringWriter log = new StringWriter();

    List<Measurement> measured =
        new BenchmarkRun(small, new Effort(2, 0, 1, 20)).execute(new PrintWriter(log, true));

    assertThat(log.toString().lines())
        .containsExactly(
            "[1/4] VerdictBenchmark.constant",
            "[2/4] VerdictBenchmark.map",
            "[3/4] VerdictBenchmark.constant",
            "[4/4] VerdictBenchmark.map");
    assertThat(measured)
        .extracting(Measurement::method)
        .containsExactly("VerdictBenchmark.constant", "VerdictBenchmark.map");
    assertThat(measured).allSatisfy(each -> assertThat(each.nanos()).isGreaterThan(0));
  }

  /** A fork whose iterations took these processor times. */
  private static RunResult result(String size, double... nanos) {
    BenchmarkParams params = params(size);
    List<IterationResult> iterations = new ArrayList<>();
    for (double each : nanos) {
      IterationResult iteration =
          new IterationResult(params, params.getMeasurement(), new IterationResultMetaData(1, 1));
      iteration.addResult(
          new AverageTimeResult(
              ResultRole.PRIMARY, "get", 1, (long) (each * 10), TimeUnit.NANOSECONDS));
      iteration.addResult(scalar(CpuTimeProfiler.RESULT, each));
      iteration.addResult(scalar("gc.alloc.rate.norm", each * 100));
      iterations.add(iteration);
    }
    return new RunResult(params, List.of(new BenchmarkResult(params, iterations)));
  }

  private static ScalarResult scalar(String name, double value) {
    return new ScalarResult(name, value, "per op", AggregationPolicy.AVG);
  }

  private static BenchmarkParams params(String size) {
    WorkloadParams workload = new WorkloadParams();
    workload.put("size", size, 0);
    IterationParams iterations =
        new IterationParams(IterationType.MEASUREMENT, 3, TimeValue.NONE, 1);
    return new BenchmarkParams(
        "io.shield.Sample.get",
        "generated",
        false,
        1,
        new int[] {1},
        List.of(),
        1,
        0,
        iterations,
        iterations,
        Mode.AverageTime,
        workload,
        TimeUnit.NANOSECONDS,
        1,
        "java",
        Stream.<String>of().toList(),
        "17",
        "vm",
        "17",
        "1.37",
        TimeValue.NONE);
  }
}
