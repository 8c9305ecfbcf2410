package io.shield.bench.propagation;

import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Results;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Measures how changes propagate, and prints what came out. */
public final class PropagationRun {
  private static final int QUICK_SECONDS = 10;
  private static final int FULL_SECONDS = 60;

  /** What two processors do with ease: what waits in a line is not measured. */
  private static final int REDIS_PER_SECOND = 200;

  /** All three members are one process here. */
  private static final int CLUSTER_PER_SECOND = 50;

  /** So many messages may a change take at p99, and so many bare writes a commit at p50. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.ratioAtMost("propagation-p99", 3),
          Goal.ratioAtMost("propagation-cluster-p99", 1.5),
          Goal.ratioAtMost("propagation-cluster-commit-p50", 2));

  private PropagationRun() {}

  /**
   * Starts a Redis and a cluster of its own, measures and prints.
   *
   * @param extent quick: ten seconds each instead of a minute
   * @throws Exception if a store or a change fails
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    int seconds = extent.isQuick() ? QUICK_SECONDS : FULL_SECONDS;
    out.println(pace(seconds, REDIS_PER_SECOND) + ", on a Redis of its own.");
    out.flush();
    Propagation redis;
    try (Medium medium = new RedisMedium()) {
      redis = measured(medium, seconds, REDIS_PER_SECOND);
    }
    table(out, redis);
    out.println();
    out.println(pace(seconds, CLUSTER_PER_SECOND) + ", on three members of a Hazelcast cluster.");
    out.flush();
    Propagation cluster;
    try (Medium medium = new ClusterMedium()) {
      cluster = measured(medium, seconds, CLUSTER_PER_SECOND);
    }
    table(out, cluster);
    figures(results, "propagation", redis);
    figures(results, "propagation-cluster", cluster);
  }

  private static String pace(int seconds, int perSecond) {
    return seconds * perSecond + " changes, " + perSecond + " a second";
  }

  private static Propagation measured(Medium medium, int seconds, int perSecond) throws Exception {
    Propagation propagation = new Propagation(medium, seconds * perSecond);
    propagation.run(perSecond);
    return propagation;
  }

  private static void table(PrintWriter out, Propagation measured) {
    out.println();
    out.println(text("%-34s %8s %8s", "", "p50 ms", "p99 ms"));
    row(out, "acknowledged -> enforced there", measured.propagation());
    row(out, "asked for -> enforced there", measured.whole());
    row(out, "asked for -> acknowledged here", measured.acknowledgement());
    row(out, "baseline: one message", measured.hop());
    Times write = measured.write();
    if (write != null) {
      row(out, "baseline: one putIfAbsent", write);
    }
  }

  private static void figures(Results results, String prefix, Propagation measured) {
    for (double part : new double[] {0.5, 0.99}) {
      String name = text("%s-p%.0f", prefix, part * 100);
      double hop = measured.hop().millis(part);
      results.add("millis", name, measured.propagation().millis(part));
      results.add("millis", name + "-baseline", hop);
      results.add(Figure.RATIO, name, measured.propagation().millis(part) / hop);
      results.add(Figure.RATIO, name + "-whole", measured.whole().millis(part) / hop);
    }
    Times write = measured.write();
    if (write != null) {
      double ratio = measured.acknowledgement().millis(0.5) / write.millis(0.5);
      results.add(Figure.RATIO, prefix + "-commit-p50", ratio);
    }
  }

  private static void row(PrintWriter out, String name, Times times) {
    out.println(text("%-34s %8.3f %8.3f", name, times.millis(0.5), times.millis(0.99)));
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
