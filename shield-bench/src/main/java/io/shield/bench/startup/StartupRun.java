package io.shield.bench.startup;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.bench.run.Child;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Interval;
import io.shield.bench.run.Results;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Launches applications in turn, with Shield and without, and prints ratios. */
public final class StartupRun {
  private static final String BARE = "bare";
  private static final List<String> SHIELDED = List.of("declared", "file");
  private static final double RATIO_GOAL = 1.3;
  private static final int MORE_GOAL = 20;

  /** Of the time to the first enforced request, of memory, and of event loops. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.ratioAtMost("startup-{kind}", RATIO_GOAL),
          Goal.atMost("MiB", "startup-{kind}-more", MORE_GOAL),
          Goal.atMost("blocked", "startup-{kind}-loops", 0));

  private static final int QUICK_ROUNDS = 6;
  private static final int FULL_ROUNDS = 20;
  private static final double KIB_PER_MIB = 1024;

  /** A launch: milliseconds until a request was refused, MiB of resident memory, warnings. */
  private record Launch(double millis, double mib, int blocked) {}

  private StartupRun() {}

  /**
   * Launches, measures and prints.
   *
   * @param extent quick: six rounds instead of twenty
   * @throws Exception if an application does not start or does not refuse
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    int rounds = extent.isQuick() ? QUICK_ROUNDS : FULL_ROUNDS;
    out.println(rounds + " launches of each, in turn, to the first request that is refused.");
    out.flush();
    Path directory = Files.createTempDirectory("shield-bench");
    Path state = directory.resolve("state.json");
    try {
      store(state);
      Map<String, List<Launch>> launches = new LinkedHashMap<>();
      // What is launched first finds nothing of the JVM in the system's memory.
      launch(BARE, state);
      for (int i = 0; i < rounds; i++) {
        for (String kind : kinds()) {
          launches.computeIfAbsent(kind, k -> new ArrayList<>()).add(launch(kind, state));
        }
      }
      table(launches, out);
      figures(launches, results);
    } finally {
      delete(directory);
    }
  }

  private static List<String> kinds() {
    return Stream.concat(Stream.of(BARE), SHIELDED.stream()).toList();
  }

  /** As an operator left it. */
  private static void store(Path state) throws Exception {
    Vertx vertx = Vertx.vertx();
    ShieldOptions options =
        new ShieldOptions()
            .setBackend(FileBackend.create(new FileBackendOptions().setPath(state.toString())))
            .putSetting("SHIELD_CACHE_DIR", "off");
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    String route = "GET:" + StartedApp.PATH;
    engine
        .start()
        .compose(v -> engine.register(List.of(RouteState.active(route))))
        .compose(v -> engine.routes().disable(route, Actor.of("bench", "cli"), "closed"))
        .compose(v -> engine.close())
        .await(60, TimeUnit.SECONDS);
    vertx.close().await(60, TimeUnit.SECONDS);
  }

  private static Launch launch(String kind, Path state) throws IOException {
    long begin = System.nanoTime();
    try (Child app = new Child(StartedApp.class, List.of("-Xmx256m"), kind, state.toString())) {
      URI uri = URI.create("http://localhost:" + app.hear("port") + StartedApp.PATH);
      int status = ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode();
      double millis = (System.nanoTime() - begin) / 1e6;
      if (status != StartedApp.CLOSED) {
        throw new IOException(kind + " answered its first request with " + status);
      }
      double mib = residentKib(app.pid()) / KIB_PER_MIB;
      app.tell("");
      return new Launch(millis, mib, Integer.parseInt(app.hear("blocked")));
    }
  }

  /** 0 where the system does not tell. */
  private static long residentKib(long pid) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  private static void table(Map<String, List<Launch>> launches, PrintWriter out) {
    out.println();
    out.println(text("%-12s %8s %9s %8s", "", "ms", "RSS MiB", "blocked"));
    launches.forEach(
        (kind, all) ->
            out.println(
                text(
                    "%-12s %8.0f %9.1f %8d",
                    kind, median(all, Launch::millis), median(all, Launch::mib), blocked(all))));
    out.println();
    out.println("Medians; blocked: how often an event loop was longer than 100 ms at something.");
  }

  private static double median(List<Launch> launches, ToDoubleFunction<Launch> value) {
    double[] sorted = launches.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static int blocked(List<Launch> launches) {
    return launches.stream().mapToInt(Launch::blocked).sum();
  }

  private static void figures(Map<String, List<Launch>> launches, Results results) {
    launches.forEach(
        (kind, all) -> results.add("millis", "startup-" + kind, median(all, Launch::millis)));
    List<Launch> bare = launches.getOrDefault(BARE, List.of());
    for (String kind : SHIELDED) {
      List<Launch> ours = launches.getOrDefault(kind, List.of());
      double[] ratios = new double[ours.size()];
      double[] more = new double[ours.size()];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = ours.get(i).millis / bare.get(i).millis;
        more[i] = ours.get(i).mib - bare.get(i).mib;
      }
      results.add("MiB", "startup-" + kind + "-more", Interval.ofValues(more));
      results.add("blocked", "startup-" + kind + "-loops", blocked(ours));
      results.add(Figure.RATIO, "startup-" + kind, Interval.ofRatios(ratios));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
