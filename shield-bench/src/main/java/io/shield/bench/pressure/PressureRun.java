package io.shield.bench.pressure;

import io.shield.bench.propagation.Times;
import java.io.PrintWriter;
import java.util.Locale;

/** Measures what requests at the gate pay under each storm, beside what they pay without one. */
public final class PressureRun {
  private static final int STREAMS = 5_000;
  private static final int HALF_OPEN = 200;
  private static final double STREAMS_GOAL = 1.1;
  private static final double LOGINS_GOAL = 1.2;
  private static final int DASHBOARDS = 50;
  private static final double DASHBOARDS_GOAL = 1.05;

  private PressureRun() {}

  private interface Begin {
    Storm storm(Storm storm) throws Exception;
  }

  /**
   * Starts the application in a process of its own, measures and prints.
   *
   * @param quick four seconds each instead of twenty
   * @throws Exception if a request at the gate fails
   */
  public static void run(boolean quick, PrintWriter out) throws Exception {
    int seconds = quick ? 4 : 20;
    try (AppProcess app = new AppProcess()) {
      out.println("A gate asked 250 times a second, in a process with -Xmx512m.");
      out.println();
      out.println(text("%-34s %8s %8s", "", "p50 ms", "p99 ms"));
      GateClient.measure(app.port(), 2 * seconds);
      String lines =
          measured(app, out, seconds, "bad-tokens", 0, Storm::badTokens)
              + measured(app, out, seconds, "half-open", 0, storm -> storm.halfOpen(HALF_OPEN))
              + measured(app, out, seconds, "logins", LOGINS_GOAL, Storm::logins)
              + measured(
                  app,
                  out,
                  seconds,
                  "dashboards",
                  DASHBOARDS_GOAL,
                  storm -> storm.dashboards(DASHBOARDS))
              + measured(app, out, seconds, "streams", STREAMS_GOAL, s -> s.silentStreams(STREAMS));
      out.println();
      out.print(lines);
      out.flush();
    }
  }

  private static String measured(
      AppProcess app, PrintWriter out, int seconds, String name, double goal, Begin begin)
      throws Exception {
    Times idle = GateClient.measure(app.port(), seconds);
    row(out, "idle", idle);
    try (Storm storm = begin.storm(new Storm(app))) {
      Times pressed = GateClient.measure(app.port(), seconds);
      row(out, name, pressed);
      if (storm.slowestSignInMillis() > 0) {
        out.println(
            text(
                "the operator signed in within %d ms, and was refused %d times",
                storm.slowestSignInMillis(), storm.refused()));
      }
      if (storm.read() > 0) {
        out.println(text("%d changes, %d bytes to open dashboards", storm.changes(), storm.read()));
      }
      double ratio = pressed.millis(0.99) / idle.millis(0.99);
      String line = text("ratio pressure-%s-p99 %.3f%n", name, ratio);
      return goal == 0 ? line : text("goal pressure-%s-p99 %.1f%n", name, goal) + line;
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
