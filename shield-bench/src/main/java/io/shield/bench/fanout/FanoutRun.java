package io.shield.bench.fanout;

import io.shield.bench.fanout.Side.Round;
import io.shield.bench.run.Child;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures how changes fan out and what streams cost, and prints what came out. */
public final class FanoutRun {
  private static final int[] QUICK = {100, 1_000};
  private static final int[] FULL = {100, 1_000, 10_000};
  private static final int QUICK_SERVICES = 200;
  private static final int FULL_SERVICES = 1_000;
  private static final int WARM_UP = 20;
  private static final int CHANGES = 30;

  /** So much heap may an idle client take beyond a bare connection, in bytes. */
  public static final int CLIENT_GOAL = 4_096;

  /** Beside a bare server, of one client, of the process, of all services. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.ratioAtMost("fanout-{clients}-last", 1.3),
          Goal.atMost("bytes", "fanout-{clients}-client", CLIENT_GOAL),
          Goal.atMost("MiB", "fanout-{clients}-resident", 1_024),
          Goal.atMost("millis", "fanout-start-{services}", 10_000),
          Goal.atMost("errors", "fanout-start-{services}", 0));

  private FanoutRun() {}

  /**
   * Starts servers and clients, measures and prints.
   *
   * @param extent quick: up to 1000 clients instead of 10000, and fewer services that start at once
   * @throws Exception if a process fails
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    for (int clients : extent.isQuick() ? QUICK : FULL) {
      fanOut(clients, out, results);
    }
    start(extent.isQuick() ? QUICK_SERVICES : FULL_SERVICES, out, results);
  }

  /**
   * The heap that an idle client takes beyond a connection of a bare server, in bytes.
   *
   * @throws IOException if a process fails
   */
  public static double bytesPerClient(int count) throws IOException {
    try (Side shield = new Side("shield", count);
        Side bare = new Side("bare", count)) {
      return shield.heapPerClient() - bare.heapPerClient();
    }
  }

  private static void fanOut(int count, PrintWriter out, Results results) throws IOException {
    out.println();
    out.println(count + " clients, " + CHANGES + " changes, one after the other.");
    out.flush();
    try (Side shield = new Side("shield", count);
        Side bare = new Side("bare", count)) {
      for (int round = 0; round < WARM_UP + CHANGES; round++) {
        if (round == WARM_UP) {
          shield.warm();
          bare.warm();
        }
        shield.round(FanoutClients.mark(round));
        bare.round(shield.event(round));
      }
      table(shield, bare, out);
      figures("fanout-" + count, shield, bare, results);
    }
  }

  private static void table(Side shield, Side bare, PrintWriter out) {
    out.println();
    out.println(
        text("%-10s %9s %9s %9s %14s %9s", "", "first ms", "median", "last", "heap/client", "RSS"));
    row("shield", shield, out);
    row("bare", bare, out);
    out.println();
  }

  private static void row(String name, Side side, PrintWriter out) {
    out.println(
        text(
            "%-10s %9.2f %9.2f %9.2f %12.0f B %5.0f MiB",
            name,
            side.millis(Round::first),
            side.millis(Round::median),
            side.millis(Round::last),
            side.heapPerClient(),
            side.residentMib()));
  }

  private static void figures(String name, Side shield, Side bare, Results results) {
    double last = shield.millis(Round::last);
    double floor = bare.millis(Round::last);
    results.add("millis", name + "-last", last);
    results.add("millis", name + "-last-baseline", floor);
    results.add("bytes", name + "-client", shield.heapPerClient() - bare.heapPerClient());
    results.add("MiB", name + "-resident", shield.residentMib());
    results.add(Figure.RATIO, name + "-last", last / floor);
  }

  /** All at the same moment. */
  private static void start(int services, PrintWriter out, Results results) throws IOException {
    out.println();
    out.println(services + " services start at the same moment: all subscribe, load and register.");
    out.flush();
    List<Child> children = new ArrayList<>();
    try (Child server = new Child(FanoutServer.class, Side.HEAP, "shield")) {
      String port = server.hear("port");
      for (String half : List.of("one", "other")) {
        String count = Integer.toString(services / 2);
        children.add(new Child(FanoutServices.class, Side.HEAP, port, count, half));
      }
      for (Child child : children) {
        child.hear("ready");
      }
      long begin = System.nanoTime();
      for (Child child : children) {
        child.tell("go");
      }
      long last = begin;
      int failed = 0;
      for (Child child : children) {
        String[] words = child.hear("started").split(" ", -1);
        last = Math.max(last, Long.parseLong(words[0]));
        failed += Integer.parseInt(words[1]);
      }
      results.add("millis", "fanout-start-" + services, (last - begin) / 1e6);
      results.add("errors", "fanout-start-" + services, failed);
    } finally {
      children.forEach(Child::close);
    }
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
