package io.shield.bench;

import io.shield.bench.run.Figure;
import io.shield.bench.run.Interval;
import io.shield.bench.run.Results;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What JMH measured: a table for people, and figures. */
final class Report {
  private final Benchmark benchmark;
  private final List<Measurement> measurements;

  Report(Benchmark benchmark, List<Measurement> measurements) {
    this.benchmark = benchmark;
    this.measurements = List.copyOf(measurements);
  }

  /** Prints the table for people. */
  void table(PrintWriter out) {
    int width = measurements.stream().mapToInt(m -> m.label().length()).max().orElse(0);
    String name = "%-" + Math.max(width, 1) + "s";
    out.println(text(name + " %9s %9s %11s %8s", "", "ns/op", "+/-", "wall ns/op", "B/op"));
    for (Measurement m : measurements) {
      String error = Double.isNaN(m.error()) ? "?" : text("%.2f", m.error());
      String line = name + " %9.2f %9s %11.2f %8.1f";
      out.println(text(line, m.label(), m.nanos(), error, m.wall(), m.bytes()));
    }
    out.println();
    out.println(
        "Medians of the iterations. ns/op is processor time, of which the ratios are made;");
    out.println("wall ns/op also counts while others ran. +/- is the 99.9 % interval of the mean.");
  }

  /** What was allocated, and the ratios. */
  Results results() {
    Results results = new Results(benchmark.goals());
    List<Pair> pairs = pairs();
    for (Pair pair : pairs) {
      results.add("alloc", pair.name, pair.ours.bytes());
      results.add("alloc", pair.name + "-baseline", pair.baseline.bytes());
    }
    for (Comparison comparison : benchmark.comparisons()) {
      List<Interval> ratios = pairs(comparison).stream().map(Pair::ratio).toList();
      if (comparison.alike() && ratios.stream().allMatch(Interval::isKnown)) {
        results.add("apart", comparison.commonName(), apart(ratios));
      }
    }
    pairs.forEach(pair -> results.add(Figure.RATIO, pair.name, pair.ratio()));
    return results;
  }

  /** How many pairs of them have nothing in common. */
  private static int apart(List<Interval> ratios) {
    int apart = 0;
    for (int i = 0; i < ratios.size(); i++) {
      for (Interval other : ratios.subList(i + 1, ratios.size())) {
        apart += ratios.get(i).overlaps(other) ? 0 : 1;
      }
    }
    return apart;
  }

  private List<Pair> pairs() {
    return benchmark.comparisons().stream().flatMap(each -> pairs(each).stream()).toList();
  }

  private List<Pair> pairs(Comparison comparison) {
    return measurements.stream()
        .filter(m -> m.method().equals(comparison.ours()))
        .map(ours -> new Pair(comparison.nameOf(ours), ours, baseline(comparison, ours)))
        .toList();
  }

  private Measurement baseline(Comparison comparison, Measurement ours) {
    return measurements.stream()
        .filter(m -> m.method().equals(comparison.baseline()) && isBeside(m, ours))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    ours.label() + " has no baseline " + comparison.baseline() + " beside it"));
  }

  /** A baseline that lacks a parameter is the same for all of its values. */
  private static boolean isBeside(Measurement baseline, Measurement ours) {
    return ours.params().entrySet().containsAll(baseline.params().entrySet());
  }

  private record Pair(String name, Measurement ours, Measurement baseline) {
    /** A fork of one stands beside that of the other which ran in the same round. */
    Interval ratio() {
      double[] ratios = new double[ours.forks().size()];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = ours.forks().get(i) / baseline.forks().get(i);
      }
      return Interval.ofRatios(ratios);
    }
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
