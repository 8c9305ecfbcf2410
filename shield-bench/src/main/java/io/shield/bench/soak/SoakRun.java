package io.shield.bench.soak;

import io.shield.bench.run.Child;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Interval;
import io.shield.bench.run.Results;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** Looks at an application at which everything comes and goes, and says what grows. */
public final class SoakRun {
  private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");

  /** What is noise: nothing that grows stays below it for long. */
  private static final double RATIO_GOAL = 1.02;

  /** The last third beside the third before it; the first one is for what fills up once. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.ratioAtMost("soak-heap", RATIO_GOAL),
          Goal.ratioAtMost("soak-threads", RATIO_GOAL),
          Goal.ratioAtMost("soak-descriptors", RATIO_GOAL),
          Goal.atMost("blocked", "soak-loops", 0),
          Goal.atMost("errors", "soak-churn", 0));

  private static final int SAMPLES = 60;
  private static final double MINUTE_SECONDS = 60;
  private static final int KIB = 1024;

  /** The application at a moment. */
  private record Sample(double minute, double heap, double threads, double descriptors) {}

  private final PrintWriter out;
  private final Results results;
  private final List<Sample> samples = new ArrayList<>();

  private SoakRun(PrintWriter out, Results results) {
    this.out = out;
    this.results = results;
  }

  /**
   * Starts an application, looks at it and prints what it saw.
   *
   * @param extent quick: half a minute; long: an hour; else a minute
   * @throws Exception if the application ends
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    int everyMillis =
        switch (extent) {
          case QUICK -> 500;
          case FULL -> 1_000;
          case LONG -> 60_000;
        };
    new SoakRun(out, results).soak(everyMillis);
  }

  private void soak(int everyMillis) throws Exception {
    out.println(
        text(
            "50 changes, 500 callers, 10 clients, 5 routers and an engine with 10 routes a second"
                + " come and go for %.1f minutes.",
            SAMPLES * everyMillis / 1000.0 / MINUTE_SECONDS));
    out.println();
    out.println(text("%8s %12s %8s %12s", "minute", "heap KiB", "threads", "descriptors"));
    out.flush();
    String[] words = {};
    try (Child app = new Child(SoakedApp.class, FLAGS)) {
      app.hear("ready");
      long begin = System.nanoTime();
      for (int i = 1; i <= SAMPLES; i++) {
        Thread.sleep(Math.max(0, i * (long) everyMillis - (System.nanoTime() - begin) / 1_000_000));
        app.tell("");
        words = app.hear("sample").split(" ", 6);
        double minute = (System.nanoTime() - begin) / 1e9 / MINUTE_SECONDS;
        Sample sample =
            new Sample(
                minute,
                Double.parseDouble(words[0]) / KIB,
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]));
        samples.add(sample);
        if (i % (SAMPLES / 12) == 0) {
          row(sample);
        }
      }
    }
    int failures = Integer.parseInt(words[4]);
    if (failures > 0) {
      out.println(failures + " times something failed, the last time: " + words[5]);
    }
    figures("heap", "KiB/min", Sample::heap);
    figures("threads", "threads/min", Sample::threads);
    figures("descriptors", "descriptors/min", Sample::descriptors);
    results.add("blocked", "soak-loops", Integer.parseInt(words[3]));
    results.add("errors", "soak-churn", failures);
  }

  private void row(Sample sample) {
    out.println(
        text(
            "%8.2f %12.0f %8.0f %12.0f",
            sample.minute, sample.heap, sample.threads, sample.descriptors));
    out.flush();
  }

  private void figures(String name, String unit, ToDoubleFunction<Sample> value) {
    SimpleRegression line = new SimpleRegression();
    for (Sample sample : samples.subList(SAMPLES / 3, SAMPLES)) {
      line.addData(sample.minute, value.applyAsDouble(sample));
    }
    double slope = line.getSlope();
    double error = line.getSlopeConfidenceInterval();
    results.add(unit, "soak-" + name, new Interval(slope, slope - error, slope + error));
    results.add(
        Figure.RATIO,
        "soak-" + name,
        median(SAMPLES * 2 / 3, SAMPLES, value) / median(SAMPLES / 3, SAMPLES * 2 / 3, value));
  }

  private double median(int from, int to, ToDoubleFunction<Sample> value) {
    double[] sorted = samples.subList(from, to).stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
