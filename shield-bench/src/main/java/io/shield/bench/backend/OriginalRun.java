package io.shield.bench.backend;

import io.shield.bench.redis.BenchRedis;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Results;
import io.shield.web.ShieldHandler;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures a check of the Python package that Shield speaks the formats of, beside a whole request
 * through a router with Shield, which is more.
 */
public final class OriginalRun {
  private static final String SCRIPT = "original.py";
  private static final int ROUNDS = 40;
  private static final int WARM_ROUNDS = 40;
  private static final int REQUESTS = 20_000;

  private OriginalRun() {}

  /**
   * Measures both with each backend, and prints ratios; says so and measures nothing where there is
   * no Python with the package.
   *
   * @throws Exception if one of them fails
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    String python = python();
    if (python == null) {
      out.println(
          "Left out: there is no Python with api-shield, neither python3 nor"
              + " $PYTHON_CLIENTS/shield/bin/python.");
      return;
    }
    Map<String, Double> theirs = theirs(python);
    out.println();
    out.println(text("%-10s %16s %16s", "", "its check ns", "our request ns"));
    for (Map.Entry<String, Double> each : theirs.entrySet()) {
      String backend = each.getKey();
      double ours = ours(backend);
      out.println(text("%-10s %16.0f %16.0f", backend, each.getValue(), ours));
      out.flush();
      results.add("nanos", "original-" + backend, ours);
      results.add("nanos", "original-" + backend + "-baseline", each.getValue());
      results.add(Figure.RATIO, "original-" + backend, ours / each.getValue());
    }
  }

  private static @Nullable String python() throws Exception {
    String clients = System.getenv("PYTHON_CLIENTS");
    List<String> candidates =
        clients == null ? List.of("python3") : List.of(clients + "/shield/bin/python", "python3");
    for (String candidate : candidates) {
      if (hasPackage(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean hasPackage(String python) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import shield.core.engine")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static Map<String, Double> theirs(String python) throws Exception {
    Path directory = Files.createTempDirectory("shield-bench");
    try (BenchRedis redis = BenchRedis.inMemory();
        InputStream in = OriginalRun.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IOException("the resource " + SCRIPT + " is missing");
      }
      Path script = directory.resolve(SCRIPT);
      Files.copy(in, script);
      Process process =
          new ProcessBuilder(python, script.toString(), directory.toString(), redis.url())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("api-shield could not be measured");
      }
      Map<String, Double> nanos = new LinkedHashMap<>();
      for (String line : lines.lines().toList()) {
        String[] words = line.split(" ", -1);
        nanos.put(words[0], Double.parseDouble(words[1]));
      }
      return nanos;
    } finally {
      delete(directory);
    }
  }

  /** The median of all rounds. */
  private static double ours(String backend) throws IOException {
    try (Engine engine = new Engine(backend, Traffic.ROUTES)) {
      Router router = Router.router(engine.vertx());
      router.route().handler(ShieldHandler.create(engine.shield(), router));
      Traffic traffic = new Traffic(engine.vertx(), router);
      double[] nanos = new double[ROUNDS];
      for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
        long begin = System.nanoTime();
        for (int i = 0; i < REQUESTS; i++) {
          traffic.request();
        }
        if (round >= 0) {
          nanos[round] = (System.nanoTime() - begin) / (double) REQUESTS;
        }
      }
      Arrays.sort(nanos);
      return nanos[ROUNDS / 2];
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
