package io.shield.cli.command;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends something that has not been heard of for too long, as a connection may be gone unnoticed, or
 * whose time is over.
 */
final class Silence implements AutoCloseable {
  private static final long CHECK_MILLIS = 100;

  private final ScheduledExecutorService timer;
  private final ScheduledFuture<?> checks;
  private volatile long heard = System.nanoTime();

  /**
   * Begins to listen.
   *
   * @param longest how long it may be silent
   * @param most after how many nanoseconds it ends in any case
   * @param end ends it; called once, on another thread
   */
  Silence(Duration longest, long most, Runnable end) {
    long begun = System.nanoTime();
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "silence");
              thread.setDaemon(true);
              return thread;
            });
    checks =
        timer.scheduleAtFixedRate(
            () -> {
              long now = System.nanoTime();
              if (now - heard > longest.toNanos() || now - begun >= most) {
                close();
                end.run();
              }
            },
            CHECK_MILLIS,
            CHECK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** It was heard of. */
  void broken() {
    heard = System.nanoTime();
  }

  @Override
  public void close() {
    checks.cancel(false);
    timer.shutdown();
  }
}
