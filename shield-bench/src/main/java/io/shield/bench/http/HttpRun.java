package io.shield.bench.http;

import io.shield.bench.redis.BenchRedis;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Interval;
import io.shield.bench.run.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures servers in pairs, one right after the other, and prints ratios. They are launched
 * several times: of the same program each launch has other compiled code, and is faster or slower
 * for it.
 */
public final class HttpRun {
  private static final double P99_GOAL = 1.05;

  /** Of requests for a second of the server's processor time; of the time at p99. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.ratioAtLeast("http-lifecycle", 0.97),
          Goal.ratioAtLeast("http-lifecycle-next", 0.99),
          Goal.ratioAtLeast("http-limit", 0.94),
          Goal.ratioAtMost("http-lifecycle-p99", P99_GOAL),
          Goal.ratioAtMost("http-limit-p99", P99_GOAL));

  private static final int QUICK_LAUNCHES = 1;
  private static final int FULL_LAUNCHES = 7;

  /** Of each comparison in each launch. */
  private static final int PAIRS = 3;

  private static final int QUICK_MILLIS = 250;
  private static final int FULL_MILLIS = 500;
  private static final int QUICK_WARM_REQUESTS = 20_000;
  private static final int FULL_WARM_REQUESTS = 150_000;
  private static final int WARM_MILLIS = 10_000;

  /** About a tenth of what a server can do, so that times are its own and not a queue's. */
  private static final int PER_SECOND = 4_000;

  /** One that is measured beside another. */
  private record Comparison(Variant ours, Variant baseline) {
    String figure() {
      String beside = baseline == Variant.BARE ? "" : "-" + baseline.figure();
      return "http-" + ours.figure() + beside;
    }
  }

  /** Two slices, one right after the other. */
  private record Pair(Slice ours, Slice baseline) {}

  private final PrintWriter out;
  private final Results results;

  /** Of each launch its pairs. */
  private final Map<Comparison, List<List<Pair>>> pairs = new LinkedHashMap<>();

  private final Map<Variant, List<Slice>> slices = new EnumMap<>(Variant.class);

  private HttpRun(PrintWriter out, Results results) {
    this.out = out;
    this.results = results;
  }

  /**
   * Starts servers and a client, measures and prints.
   *
   * @param extent quick: one launch instead of seven
   * @throws Exception if a process fails or a request is not answered as it should be
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    boolean quick = extent.isQuick();
    int launches = quick ? QUICK_LAUNCHES : FULL_LAUNCHES;
    int millis = quick ? QUICK_MILLIS : FULL_MILLIS;
    out.println(
        text(
            "%d launches with %d pairs of each, %d requests a second for the times, %d under way"
                + " for the rest.",
            launches, PAIRS, PER_SECOND, LoadClient.CONNECTIONS));
    out.flush();
    BenchRedis redis = redis(out);
    try {
      HttpRun run = new HttpRun(out, results);
      for (int i = 0; i < launches; i++) {
        try (Stand stand = new Stand(redis == null ? null : redis.url(), millis, PER_SECOND)) {
          for (Variant variant : stand.variants()) {
            stand.warm(variant, quick ? QUICK_WARM_REQUESTS : FULL_WARM_REQUESTS, WARM_MILLIS);
          }
          run.measure(stand);
        }
      }
      run.table();
      run.figures();
    } finally {
      if (redis != null) {
        redis.close();
      }
    }
  }

  private static @Nullable BenchRedis redis(PrintWriter out) {
    try {
      return BenchRedis.inMemory();
    } catch (IOException e) {
      out.println("no Redis can be started (" + e.getMessage() + "): its limit is left out");
      return null;
    }
  }

  private void measure(Stand stand) throws IOException {
    List<Comparison> comparisons = new ArrayList<>();
    for (Variant variant : stand.variants()) {
      if (variant != Variant.BARE) {
        comparisons.add(new Comparison(variant, Variant.BARE));
      }
    }
    comparisons.add(new Comparison(Variant.LIFECYCLE, Variant.NEXT));
    comparisons.forEach(
        each -> pairs.computeIfAbsent(each, e -> new ArrayList<>()).add(new ArrayList<>()));
    for (int i = 0; i < PAIRS; i++) {
      for (Comparison each : comparisons) {
        List<List<Pair>> launches = Objects.requireNonNull(pairs.get(each));
        launches.get(launches.size() - 1).add(pair(stand, each, (launches.size() + i) % 2 == 0));
      }
    }
  }

  /** Which one is first alternates: the second has the machine as the first one left it. */
  private Pair pair(Stand stand, Comparison comparison, boolean oursFirst) throws IOException {
    if (oursFirst) {
      Slice ours = slice(stand, comparison.ours);
      return new Pair(ours, slice(stand, comparison.baseline));
    }
    Slice baseline = slice(stand, comparison.baseline);
    return new Pair(slice(stand, comparison.ours), baseline);
  }

  private Slice slice(Stand stand, Variant variant) throws IOException {
    Slice slice = stand.measure(variant);
    slices.computeIfAbsent(variant, v -> new ArrayList<>()).add(slice);
    return slice;
  }

  private void table() {
    out.println();
    String head = "%-36s %9s %9s %8s %8s   %s";
    out.println(text(head, "", "req/s", "req/cpu s", "p50 ms", "p99 ms", "of no handler (95 %)"));
    for (Variant variant : slices.keySet()) {
      List<List<Pair>> beside = pairs.get(new Comparison(variant, Variant.BARE));
      Interval ratio = beside == null ? null : interval(beside, Slice::perUsedSecond);
      out.println(
          text(
              "%-36s %9.0f %9.0f %8.3f %8.3f   %s",
              variant.description(),
              median(variant, Slice::perSecond),
              median(variant, Slice::perUsedSecond),
              median(variant, Slice::p50),
              median(variant, Slice::p99),
              ratio == null
                  ? ""
                  : text("%.3f (%.3f to %.3f)", ratio.value(), ratio.low(), ratio.high())));
    }
    out.println();
    out.println("Medians of the slices; req/cpu s are requests for a second of the server's");
    out.println("processor time, of which the ratios are made: they say something on a machine");
    out.println("that has other work to do as well. The ratios of req/s are those with -wall.");
  }

  private double median(Variant variant, ToDoubleFunction<Slice> value) {
    double[] sorted =
        slices.getOrDefault(variant, List.of()).stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Pairs of one launch have much in common: where there are several, each counts once. */
  private static Interval interval(List<List<Pair>> launches, ToDoubleFunction<Slice> value) {
    List<double[]> ratios = launches.stream().map(launch -> ratios(launch, value)).toList();
    return Interval.ofRatios(
        ratios.size() == 1
            ? ratios.get(0)
            : ratios.stream().mapToDouble(each -> Interval.ofRatios(each).value()).toArray());
  }

  private static double[] ratios(List<Pair> launch, ToDoubleFunction<Slice> value) {
    return launch.stream()
        .mapToDouble(pair -> value.applyAsDouble(pair.ours) / value.applyAsDouble(pair.baseline))
        .toArray();
  }

  private void figures() {
    for (Variant variant : slices.keySet()) {
      String name = "http-" + variant.figure();
      results.add("requests/s", name, median(variant, Slice::perSecond));
      results.add("millis", name + "-p50", median(variant, Slice::p50));
      results.add("millis", name + "-p99", median(variant, Slice::p99));
    }
    pairs.forEach(
        (comparison, all) -> {
          String name = comparison.figure();
          results.add(Figure.RATIO, name, interval(all, Slice::perUsedSecond));
          results.add(Figure.RATIO, name + "-wall", interval(all, Slice::perSecond));
          results.add(Figure.RATIO, name + "-p50", interval(all, Slice::p50));
          results.add(Figure.RATIO, name + "-p99", interval(all, Slice::p99));
        });
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
