package io.shield.bench;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What figures depend on beside the code.
 *
 * @param cores the processors this JVM may use
 * @param load processes that ran or waited to run, on average over the last minute; negative where
 *     the system does not tell
 */
record Machine(int cores, double load) {
  static Machine now() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  String loadText() {
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }

  /** Prints what the figures of a run between two moments depend on. */
  static void print(PrintWriter out, Machine before, Machine after) {
    out.println(
        before.cores
            + " cores, load average "
            + before.loadText()
            + " before and "
            + after.loadText()
            + " after, "
            + jvm());
    if (before.isBusy()) {
      out.println("The machine was busy with other work, so the figures are rough.");
    }
  }

  /** Whether others take enough of the machine to be seen in the figures. */
  boolean isBusy() {
    return load > cores / 2.0;
  }

  static String jvm() {
    return System.getProperty("java.vm.name")
        + " "
        + System.getProperty("java.vm.version")
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch");
  }
}
