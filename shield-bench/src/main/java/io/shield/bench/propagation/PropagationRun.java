package io.shield.bench.propagation;

import io.shield.bench.redis.BenchRedis;
import java.io.PrintWriter;
import java.util.Locale;

/** Measures how changes propagate, and prints what came out. */
public final class PropagationRun {
  private static final int PER_SECOND = 200;
  private static final int QUICK_CHANGES = 2_000;
  private static final int FULL_CHANGES = 12_000;

  /** So many messages may a change take at p99. */
  private static final int GOAL_HOPS = 3;

  private PropagationRun() {}

  /**
   * Starts a Redis of its own, measures and prints.
   *
   * @param quick ten seconds instead of a minute
   * @throws Exception if Redis or a change fails
   */
  public static void run(boolean quick, PrintWriter out) throws Exception {
    int changes = quick ? QUICK_CHANGES : FULL_CHANGES;
    out.println(changes + " changes, " + PER_SECOND + " a second, on a Redis of its own.");
    out.flush();
    try (BenchRedis redis = new BenchRedis();
        Propagation propagation = new Propagation(changes)) {
      propagation.run(redis.url(), PER_SECOND);
      print(propagation, out);
    }
  }

  private static void print(Propagation measured, PrintWriter out) {
    out.println();
    out.println(text("%-34s %8s %8s", "", "p50 ms", "p99 ms"));
    row(out, "acknowledged -> enforced there", measured.propagation());
    row(out, "asked for -> enforced there", measured.whole());
    row(out, "asked for -> acknowledged here", measured.acknowledgement());
    row(out, "baseline: one message", measured.hop());
    out.println();
    for (double part : new double[] {0.5, 0.99}) {
      String name = text("propagation-p%.0f", part * 100);
      double hop = measured.hop().millis(part);
      out.println(text("millis %s %.3f", name, measured.propagation().millis(part)));
      out.println(text("millis %s-baseline %.3f", name, hop));
      out.println(text("ratio %s %.3f", name, measured.propagation().millis(part) / hop));
      out.println(text("ratio %s-whole %.3f", name, measured.whole().millis(part) / hop));
    }
    out.println(text("goal propagation-p99 %d", GOAL_HOPS));
  }

  private static void row(PrintWriter out, String name, Times times) {
    out.println(text("%-34s %8.3f %8.3f", name, times.millis(0.5), times.millis(0.99)));
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
