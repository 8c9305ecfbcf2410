package io.shield.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A benchmark with an effort: finds its measurements and has JMH make them. */
final class BenchmarkRun {
  private final Benchmark benchmark;
  private final Effort effort;
  private final int measurements;

  BenchmarkRun(Benchmark benchmark, Effort effort) {
    this.benchmark = benchmark;
    this.effort = effort;
    this.measurements = count();
  }

  private List<String> leftOut() {
    return effort.equals(Effort.QUICK) ? benchmark.slow() : List.of();
  }

  /** Methods by parameters. */
  private int count() {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    int count = 0;
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList().find(silent, List.of(benchmark.include()), leftOut())) {
      int combinations = 1;
      for (String[] values : entry.getParams().orElse(Map.of()).values()) {
        combinations *= values.length;
      }
      count += combinations;
    }
    return count;
  }

  /** What is going to happen and how long it takes. */
  String announcement() {
    return measurements + " measurements, " + effort + " each; this takes about " + time() + ".";
  }

  private String time() {
    long seconds = effort.seconds(measurements, benchmark.startMillis());
    return seconds < 120 ? seconds + " seconds" : Math.round(seconds / 60.0) + " minutes";
  }

  /**
   * Measures; takes as long as announced. The forks are run in rounds, one of each measurement, so
   * that a while in which the machine is busy spoils a part of each rather than all of some.
   */
  List<Measurement> execute(PrintWriter log) throws RunnerException {
    OutputFormat progress = new Progress(log, measurements * effort.forks());
    List<RunResult> results = new ArrayList<>();
    for (int round = 0; round < effort.forks(); round++) {
      results.addAll(new Runner(options().build(), progress).run());
    }
    return merged(results);
  }

  /** One measurement of all results for the same method with the same parameters. */
  static List<Measurement> merged(List<RunResult> results) {
    Map<String, RunResult> found = new LinkedHashMap<>();
    for (RunResult result : results) {
      found.merge(Measurement.label(result.getParams()), result, BenchmarkRun::both);
    }
    return found.values().stream().map(Measurement::of).toList();
  }

  private static RunResult both(RunResult first, RunResult second) {
    List<BenchmarkResult> all = new ArrayList<>(first.getBenchmarkResults());
    all.addAll(second.getBenchmarkResults());
    return new RunResult(first.getParams(), all);
  }

  /**
   * What JMH is told. The heap has one size and is there from the beginning, so that neither its
   * growth nor the system's first look at a page is measured. Code that is to be compiled is waited
   * for, so that a short warm-up ends with compiled code on a busy machine as well.
   */
  ChainedOptionsBuilder options() {
    String heap = benchmark.heapMegabytes() + "m";
    ChainedOptionsBuilder options = new OptionsBuilder();
    leftOut().forEach(options::exclude);
    return options
        .include(benchmark.include())
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .forks(1)
        .warmupIterations(effort.warmups())
        .warmupTime(TimeValue.milliseconds(effort.millis()))
        .measurementIterations(effort.iterations())
        .measurementTime(TimeValue.milliseconds(effort.millis()))
        .addProfiler(GCProfiler.class)
        .addProfiler(CpuTimeProfiler.class)
        .jvmArgsAppend("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch", "-Xbatch")
        .shouldFailOnError(true);
  }
}
