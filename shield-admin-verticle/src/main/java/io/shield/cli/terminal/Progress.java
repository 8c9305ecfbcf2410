package io.shield.cli.terminal;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says on standard error what is being waited for, once it takes longer than a second. */
public final class Progress {
  private final PrintWriter err;
  private final boolean terminal;
  private final String what;
  private final ScheduledExecutorService timer;
  private final ScheduledFuture<?> ticks;
  private int seconds;

  private Progress(PrintWriter err, boolean terminal, String what) {
    this.err = err;
    this.terminal = terminal;
    this.what = Lines.oneLine(what);
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    ticks = timer.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Runs something that may take long.
   *
   * @param what what is waited for, as the end of "waiting for"
   * @param terminal whether the line is rewritten every second; else it is written once
   */
  public static <T> T during(
      PrintWriter err, boolean terminal, String what, Supplier<T> something) {
    Progress progress = new Progress(err, terminal, what);
    try {
      return something.get();
    } finally {
      progress.end();
    }
  }

  private synchronized void tick() {
    seconds++;
    if (terminal) {
      err.print("\rshield: waiting for " + what + " (" + seconds + " s)");
    } else if (seconds == 1) {
      err.println("shield: waiting for " + what);
    }
    err.flush();
  }

  /** On a terminal the line goes. */
  private synchronized void end() {
    ticks.cancel(false);
    timer.shutdown();
    if (terminal && seconds > 0) {
      err.print("\r\u001b[K");
      err.flush();
      seconds = 0;
    }
  }
}
