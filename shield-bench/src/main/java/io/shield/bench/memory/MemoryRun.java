package io.shield.bench.memory;

import com.sun.management.UnixOperatingSystemMXBean;
import io.shield.bench.fanout.FanoutRun;
import io.shield.bench.run.Child;
import io.shield.bench.run.Extent;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/** Measures what one of many takes of the heap, each kind in a process of its own. */
public final class MemoryRun {
  private static final List<String> FLAGS = List.of("-Xmx2g", "-XX:+UseSerialGC");
  private static final int QUICK = 20_000;
  private static final int FULL = 100_000;
  private static final int QUICK_CLIENTS = 1_000;

  /** Beside connections a process has files open. */
  private static final int OTHER_DESCRIPTORS = 1_000;

  /** Connections between two addresses differ in the client's port. */
  private static final int PORTS = 28_000;

  /** In bytes; the one of a key is beside the string that names it. */
  public static final List<Goal> GOALS =
      List.of(
          Goal.atMost("bytes", "memory-route", 525),
          Goal.atMost("bytes", "memory-key", 32),
          Goal.atMost("bytes", "memory-client", FanoutRun.CLIENT_GOAL));

  private MemoryRun() {}

  /**
   * Starts processes that keep many, measures and prints.
   *
   * @param extent quick: 20000 of each, but for counters, and 1000 clients instead of 100000
   * @throws Exception if a process fails
   */
  public static void run(Extent extent, PrintWriter out, Results results) throws Exception {
    int count = extent.isQuick() ? QUICK : FULL;
    out.println();
    out.println(text("%-34s %9s %11s", "", "how many", "bytes each"));
    kept("route", "a registered route", count, out, results);
    kept("policy", "a policy of a route", count, out, results);
    // Fewer would say more of what is there for the first of them.
    kept("key", "a counter beside its key", FULL, out, results);
    int clients = extent.isQuick() ? QUICK_CLIENTS : clients();
    double bytes = FanoutRun.bytesPerClient(clients);
    row(out, "a client beyond a bare connection", clients, bytes);
    results.add("bytes", "memory-client", bytes);
  }

  /** As many as the system lets connect, at most as many as of the others. */
  private static int clients() {
    long most = PORTS;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      most = Math.min(most, unix.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS);
    }
    return (int) Math.min(FULL, most);
  }

  private static void kept(
      String kind, String description, int count, PrintWriter out, Results results)
      throws IOException {
    try (Child child = new Child(Kept.class, FLAGS, kind, Integer.toString(count))) {
      double bytes = Double.parseDouble(child.hear("bytes"));
      row(out, description, count, bytes);
      results.add("bytes", "memory-" + kind, bytes);
    }
  }

  private static void row(PrintWriter out, String description, int count, double bytes) {
    out.println(text("%-34s %9d %11.0f", description, count, bytes));
    out.flush();
  }

  /** Lines are read by programs: a decimal point everywhere. */
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
