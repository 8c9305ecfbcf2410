package io.shield.bench.pressure;

import io.shield.bench.propagation.Times;
import io.shield.bench.run.Child;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Results;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Measures what requests at the gate pay under each storm, beside what they pay without one. */
public final class PressureRun {
  /** Of the time at p99 without a storm. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.ratioAtMost("pressure-logins-p99", 1.2),
          Goal.ratioAtMost("pressure-dashboards-p99", 1.05),
          Goal.ratioAtMost("pressure-streams-p99", 1.1));

  private static final List<String> STORMS =
      List.of("bad-tokens", "half-open", "logins", "dashboards", "streams");

  private final AppProcess app;
  private final PrintWriter out;
  private final int seconds;
  private final Results results;

  private PressureRun(AppProcess app, PrintWriter out, int seconds, Results results) {
    this.app = app;
    this.out = out;
    this.seconds = seconds;
    this.results = results;
  }

  /**
   * Starts the application in a process of its own, measures and prints.
   *
   * @param extent quick: four seconds each instead of twenty, after two of each storm instead of
   *     ten
   * @throws Exception if a request at the gate fails
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    int seconds = extent.isQuick() ? 4 : 20;
    try (AppProcess app = new AppProcess()) {
      out.println("A gate asked 250 times a second, in a process with -Xmx512m.");
      out.println();
      out.println(text("%-34s %8s %8s", "", "p50 ms", "p99 ms"));
      GateClient.measure(app.port(), 2 * seconds);
      PressureRun run = new PressureRun(app, out, seconds, results);
      for (String storm : STORMS) {
        run.measured(storm);
      }
    }
  }

  private void measured(String name) throws Exception {
    Times idle = GateClient.measure(app.port(), seconds);
    row(out, "idle", idle);
    try (Child storm = Child.elsewhere(Storm.class, name, Integer.toString(app.adminPort()))) {
      storm.hear("begun");
      // What a storm makes Java compile is compiled once in the life of an application.
      GateClient.measure(app.port(), seconds / 2);
      Times pressed = GateClient.measure(app.port(), seconds);
      row(out, name, pressed);
      storm.tell("");
      String told = storm.hear("told");
      if (!told.isEmpty()) {
        out.println(told);
      }
      double ratio = pressed.millis(0.99) / idle.millis(0.99);
      results.add(Figure.RATIO, "pressure-" + name + "-p99", ratio);
    }
  }

  private static void row(PrintWriter out, String name, Times times) {
    out.println(text("%-34s %8.3f %8.3f", name, times.millis(0.5), times.millis(0.99)));
    out.flush();
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
