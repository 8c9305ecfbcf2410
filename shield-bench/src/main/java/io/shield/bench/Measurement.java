package io.shield.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * What was measured of one method with one combination of parameters.
 *
 * @param method the method as {@code Class.method}
 * @param params its parameters by name
 * @param nanos an operation's processor time in nanoseconds: the median of the iterations of all
 *     forks
 * @param forks the same of each fork
 * @param error half the width of the 99.9 % confidence interval of the mean of {@code nanos}; not a
 *     number when there are too few iterations to tell
 * @param wall an operation's time on the wall in nanoseconds, the median likewise
 * @param bytes bytes allocated by an operation, the median likewise, in whole ones: the profiler
 *     counts the few objects of the run itself too, which come to hundredths
 */
record Measurement(
    String method,
    Map<String, String> params,
    double nanos,
    List<Double> forks,
    double error,
    double wall,
    double bytes) {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  Measurement {
    params = new TreeMap<>(params);
    forks = List.copyOf(forks);
  }

  static Measurement of(RunResult result) {
    Statistics cpu = secondary(result.getSecondaryResults(), CpuTimeProfiler.RESULT);
    return new Measurement(
        method(result.getParams()),
        params(result.getParams()),
        median(cpu),
        result.getBenchmarkResults().stream()
            .map(fork -> median(secondary(fork.getSecondaryResults(), CpuTimeProfiler.RESULT)))
            .toList(),
        cpu.getMeanErrorAt(0.999),
        median(result.getPrimaryResult().getStatistics()),
        Math.rint(median(secondary(result.getSecondaryResults(), ALLOCATED))));
  }

  @SuppressWarnings("rawtypes") // As JMH has it.
  private static Statistics secondary(Map<String, Result> results, String name) {
    Result<?> found = results.get(name);
    if (found == null) {
      throw new IllegalStateException("JMH did not report " + name);
    }
    return found.getStatistics();
  }

  private static double median(Statistics iterations) {
    return iterations.getPercentile(50);
  }

  private static String method(BenchmarkParams params) {
    String qualified = params.getBenchmark();
    int method = qualified.lastIndexOf('.');
    return qualified.substring(qualified.lastIndexOf('.', method - 1) + 1);
  }

  private static Map<String, String> params(BenchmarkParams params) {
    Map<String, String> values = new TreeMap<>();
    params.getParamsKeys().forEach(key -> values.put(key, params.getParam(key)));
    return values;
  }

  /** The method and its parameters, for people. */
  static String label(BenchmarkParams params) {
    return label(method(params), params(params));
  }

  String label() {
    return label(method, params);
  }

  private static String label(String method, Map<String, String> params) {
    StringBuilder label = new StringBuilder(method);
    params.forEach((key, value) -> label.append(' ').append(key).append('=').append(value));
    return label.toString();
  }

  String param(String name) {
    String value = params.get(name);
    if (value == null) {
      throw new IllegalArgumentException(label() + " has no parameter '" + name + "'");
    }
    return value;
  }
}
