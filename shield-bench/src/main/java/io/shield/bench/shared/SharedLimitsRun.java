package io.shield.bench.shared;

import io.shield.bench.redis.BenchRedis;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Interval;
import io.shield.bench.run.Results;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Measures limits that are counted in Redis beside what others do there, and prints ratios. */
public final class SharedLimitsRun {
  /** So many calls are under way where each decision is one. */
  private static final int UNDER_WAY = 32;

  /** So many decisions of one key, of which the best counts. */
  private static final int[] OF_ONE_KEY = {1, UNDER_WAY, 256};

  /** So often in turn, where one policy is compared with three: a machine is not always as fast. */
  private static final int PAIRS = 8;

  private static final int QUICK_CALLS = 100_000;
  private static final int FULL_CALLS = 1_000_000;

  /** Of decisions a second. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.ratioAtLeast("limits-redis-exact-redis-benchmark", 0.9),
          Goal.ratioAtLeast("limits-redis-hot-bucket4j-cas", 20),
          Goal.ratioAtLeast("limits-redis-hot-bucket4j-batching", 1),
          Goal.ratioAtLeast("limits-redis-refused-exact", 20),
          Goal.ratioAtLeast("limits-redis-leased-exact", 20),
          Goal.ratioAtMost("limits-redis-one-three", 1.3));

  private final Load load;
  private final PrintWriter out;
  private final Results results;

  private SharedLimitsRun(Load load, PrintWriter out, Results results) {
    this.load = load;
    this.out = out;
    this.results = results;
  }

  /**
   * Starts a Redis of its own, measures and prints.
   *
   * @param extent quick: half a minute instead of three
   * @throws Exception if Redis fails
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    boolean quick = extent.isQuick();
    SharedLimitsRun run = new SharedLimitsRun(quick ? Load.QUICK : Load.FULL, out, results);
    out.println(
        "One event loop and connection, "
            + UNDER_WAY
            + " calls under way; of one key the best of "
            + "1, 32 and 256 decisions; a Redis of its own without a log.");
    out.flush();
    Vertx vertx = Vertx.vertx();
    try (BenchRedis redis = BenchRedis.inMemory();
        Shield shield = new Shield(vertx, redis.url());
        Peers peers = new Peers(redis.url())) {
      Reference reference = new Reference(vertx, redis.url(), redis.port());
      run.measure(vertx.getOrCreateContext(), shield, peers, reference, quick);
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private void measure(
      Context context, Shield shield, Peers peers, Reference reference, boolean quick)
      throws Exception {
    out.println();
    out.println(text("%-44s %12s", "", "decisions/s"));
    double[] exacts = new double[PAIRS];
    double[] threes = new double[PAIRS];
    Load part = load.part(PAIRS);
    // Everything is compiled then.
    part.onEventLoop(context, UNDER_WAY, shield::exact, shield::failures);
    part.onEventLoop(context, UNDER_WAY, shield::three, shield::failures);
    for (int i = 0; i < PAIRS; i++) {
      exacts[i] = part.onEventLoop(context, UNDER_WAY, shield::exact, shield::failures);
      threes[i] = part.onEventLoop(context, UNDER_WAY, shield::three, shield::failures);
    }
    double exact = row("Shield, a call for each", median(exacts));
    row("Shield, three policies", median(threes));
    double hot = ours("Shield, a hot key", context, shield, shield::hot, OF_ONE_KEY);
    double leased = ours("Shield, a hot key with lease", context, shield, shield::leased);
    double refused = ours("Shield, a refused key", context, shield, shield::refused);
    double cas = theirs("Bucket4j on Lettuce, compare-and-swap", peers::cas);
    double batching = theirs("Bucket4j on Lettuce, batching", peers::batching);
    double redisson = theirs("Redisson RateLimiter", peers::redisson);
    double program = program(reference, quick ? QUICK_CALLS : FULL_CALLS);
    double decision = load.medianMicros(context, shield::exact);
    double call = load.medianMicros(context, reference::plainCall);
    out.println();
    out.println(text("p50 of a decision %.0f us, of a call of the script %.0f us", decision, call));
    if (shield.failures() > 0) {
      out.println(shield.failures() + " decisions got no answer within 5 ms, which are left out.");
    }
    if (program > 0) {
      ratio("exact-redis-benchmark", exact / program);
    }
    ratio("hot-bucket4j-cas", hot / cas);
    ratio("hot-bucket4j-batching", hot / batching);
    ratio("hot-redisson", hot / redisson);
    ratio("refused-exact", refused / exact);
    ratio("leased-exact", leased / exact);
    results.add(Figure.RATIO, "limits-redis-one-three", Interval.ofRatios(ratios(exacts, threes)));
    ratio("p50-call", decision / call);
  }

  private double ours(
      String name, Context context, Shield shield, Supplier<? extends Future<?>> ask)
      throws InterruptedException {
    return ours(name, context, shield, ask, UNDER_WAY);
  }

  private double ours(
      String name,
      Context context,
      Shield shield,
      Supplier<? extends Future<?>> ask,
      int... underWay)
      throws InterruptedException {
    double best = 0;
    for (int many : underWay) {
      best = Math.max(best, load.onEventLoop(context, many, ask, shield::failures));
    }
    return row(name, best);
  }

  /** With as many under way as is best for it. */
  private double theirs(String name, Supplier<? extends CompletionStage<?>> ask)
      throws InterruptedException {
    double best = 0;
    for (int underWay : OF_ONE_KEY) {
      best = Math.max(best, load.elsewhere(underWay, ask));
    }
    return row(name, best);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double[] ratios(double[] values, double[] baselines) {
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, i -> values[i] / baselines[i]);
    return ratios;
  }

  private double program(Reference reference, int calls) throws Exception {
    Path program = Reference.program();
    if (program == null) {
      out.println("redis-benchmark is not installed: left out");
      return 0;
    }
    return row("redis-benchmark, the same script", reference.perSecond(program, UNDER_WAY, calls));
  }

  private double row(String name, double perSecond) {
    out.println(text("%-44s %12.0f", name, perSecond));
    out.flush();
    return perSecond;
  }

  private void ratio(String name, double value) {
    results.add(Figure.RATIO, "limits-redis-" + name, value);
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
