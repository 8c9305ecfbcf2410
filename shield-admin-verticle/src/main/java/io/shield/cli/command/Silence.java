package io.shield.cli.command;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Ends something that has not been heard of for too long: a connection may be gone unnoticed. */
final class Silence implements AutoCloseable {
  private final ScheduledExecutorService timer;
  private final ScheduledFuture<?> checks;
  private volatile long heard = System.nanoTime();

  /**
   * Begins to listen.
   *
   * @param longest how long it may be silent
   * @param end ends it; called once, on another thread
   */
  Silence(Duration longest, Runnable end) {
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
              if (System.nanoTime() - heard > longest.toNanos()) {
                close();
                end.run();
              }
            },
            1,
            1,
            TimeUnit.SECONDS);
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
