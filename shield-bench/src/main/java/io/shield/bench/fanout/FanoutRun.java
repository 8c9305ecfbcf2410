package io.shield.bench.fanout;

import io.shield.bench.fanout.Side.Round;
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

  /** So many times as long as the bare server's may the last client wait. */
  private static final double LAST_GOAL = 1.3;

  /** So much heap may an idle client take beyond a bare connection, in bytes. */
  private static final int CLIENT_GOAL = 4_096;

  private static final int RESIDENT_GOAL = 1_024;
  private static final int START_GOAL = 10_000;

  private FanoutRun() {}

  /**
   * Starts servers and clients, measures and prints.
   *
   * @param quick up to 1000 clients instead of 10000, and fewer services that start at once
   * @throws Exception if a process fails
   */
  public static void run(boolean quick, PrintWriter out) throws Exception {
    for (int clients : quick ? QUICK : FULL) {
      fanOut(clients, out);
    }
    start(quick ? QUICK_SERVICES : FULL_SERVICES, out);
  }

  private static void fanOut(int count, PrintWriter out) throws IOException {
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
      lines("fanout-" + count, shield, bare, out);
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

  private static void lines(String name, Side shield, Side bare, PrintWriter out) {
    double last = shield.millis(Round::last);
    double floor = bare.millis(Round::last);
    out.println(text("millis %s-last %.2f", name, last));
    out.println(text("millis %s-last-baseline %.2f", name, floor));
    out.println(text("bytes %s-client %.0f", name, shield.heapPerClient() - bare.heapPerClient()));
    out.println(text("mib %s-resident %.0f", name, shield.residentMib()));
    out.println(text("goal %s-client %d", name, CLIENT_GOAL));
    out.println(text("goal %s-resident %d", name, RESIDENT_GOAL));
    out.println(text("goal %s-last %.1f", name, LAST_GOAL));
    out.println(text("ratio %s-last %.2f", name, last / floor));
    out.flush();
  }

  /** All at the same moment. */
  private static void start(int services, PrintWriter out) throws IOException {
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
      out.println();
      out.println(text("millis fanout-start-%d %.0f", services, (last - begin) / 1e6));
      out.println(text("errors fanout-start-%d %d", services, failed));
      out.println(text("goal fanout-start-%d %d", services, START_GOAL));
    } finally {
      children.forEach(Child::close);
    }
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
