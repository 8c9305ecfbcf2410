package io.shield.bench.run;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A Vert.x whose event loops are watched: how often was one found blocked. Thread-safe. */
public final class Blocking {
  private static final long CHECKS_PER_LIMIT = 5;

  private final AtomicInteger warnings = new AtomicInteger();
  private final Vertx vertx;

  /**
   * Starts it.
   *
   * @param millis an event loop that is longer at something is blocked
   */
  public Blocking(long millis) {
    long everyMillis = millis / CHECKS_PER_LIMIT;
    long everyNanos = TimeUnit.MILLISECONDS.toNanos(everyMillis);
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setMaxEventLoopExecuteTime(millis)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(everyMillis)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS));
    ((VertxInternal) vertx)
        .blockedThreadChecker()
        .setThreadBlockedHandler(
            blocked -> {
              // Once for each time: the next look finds it longer by then.
              if (blocked.duration() - blocked.maxExecTime() < everyNanos) {
                warnings.incrementAndGet();
              }
            });
  }

  /** The one that is watched. */
  public Vertx vertx() {
    return vertx;
  }

  /** How many warnings there were. */
  public int warnings() {
    return warnings.get();
  }
}
