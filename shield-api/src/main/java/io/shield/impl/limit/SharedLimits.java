package io.shield.impl.limit;

import io.shield.internal.limit.RateLimiting;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;

/**
 * Opens what counts with other processes, and gives back in time what was lent and not used.
 * Confined to the engine's context.
 */
public final class SharedLimits {
  private static final long RETURN_MILLIS = 100;

  /** So long the end waits for a store that does not answer. */
  private static final long LAST_RETURN_SECONDS = 1;

  private final ContextInternal context;
  private final RateLimiting limits;
  private final SharedCounters counters;
  private long timer = -1;

  public SharedLimits(ContextInternal context, RateLimiting limits, SharedCounters counters) {
    this.context = context;
    this.limits = limits;
    this.counters = counters;
  }

  public Future<Void> open() {
    return counters
        .startup(context.owner())
        .onSuccess(
            v ->
                timer =
                    context.setPeriodic(RETURN_MILLIS, id -> limits.giveBackLent(counters, false)));
  }

  public Future<Void> close() {
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
    }
    limits.share(null);
    return limits
        .giveBackLent(counters, true)
        .timeout(LAST_RETURN_SECONDS, TimeUnit.SECONDS)
        .transform(given -> counters.shutdown());
  }
}
