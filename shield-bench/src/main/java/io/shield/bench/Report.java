package io.shield.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints what was measured: a table for people, then lines for programs, the ratios last. */
final class Report {
  private final Benchmark benchmark;
  private final List<Measurement> measurements;

  Report(Benchmark benchmark, List<Measurement> measurements) {
    this.benchmark = benchmark;
    this.measurements = List.copyOf(measurements);
  }

  void print(PrintWriter out, Machine before, Machine after) {
    out.println();
    table(out);
    out.println();
    surroundings(out, before, after);
    out.println();
    List<Pair> pairs = pairs();
    List<Pair> aimed = pairs.stream().filter(pair -> pair.comparison.hasGoal()).toList();
    aimed.forEach(pair -> pair.printGoal(out));
    pairs.forEach(pair -> pair.printAllocations(out));
    aimed.forEach(pair -> out.println(text("goal %s %s", pair.name, pair.comparison.goal())));
    pairs.forEach(pair -> pair.printRatio(out));
  }

  private void table(PrintWriter out) {
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

  static void surroundings(PrintWriter out, Machine before, Machine after) {
    out.println(
        before.cores()
            + " cores, load average "
            + before.loadText()
            + " before and "
            + after.loadText()
            + " after, "
            + Machine.jvm());
    if (before.isBusy()) {
      out.println("The machine was busy with other work, so the figures are rough.");
    }
  }

  private List<Pair> pairs() {
    return benchmark.comparisons().stream()
        .flatMap(
            comparison ->
                measurements.stream()
                    .filter(m -> m.method().equals(comparison.ours()))
                    .map(
                        ours ->
                            new Pair(
                                comparison.nameOf(ours),
                                comparison,
                                ours,
                                baseline(comparison, ours))))
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

  private record Pair(String name, Comparison comparison, Measurement ours, Measurement baseline) {
    double ratio() {
      return ours.nanos() / baseline.nanos();
    }

    /** For people. */
    void printGoal(PrintWriter out) {
      String reached = ratio() <= comparison.goal() ? "reached" : "missed";
      String line = "%s: at most %s times the time of %s; %s with %s.";
      String most = Double.toString(comparison.goal());
      out.println(text(line, name, most, comparison.baseline(), reached, ratioText()));
    }

    void printAllocations(PrintWriter out) {
      out.println(text("alloc %s %.1f", name, ours.bytes()));
      out.println(text("alloc %s-baseline %.1f", name, baseline.bytes()));
    }

    /** Three decimals where two would say little. */
    void printRatio(PrintWriter out) {
      out.println("ratio " + name + " " + ratioText());
    }

    private String ratioText() {
      return text(ratio() < 1 ? "%.3f" : "%.2f", ratio());
    }
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
