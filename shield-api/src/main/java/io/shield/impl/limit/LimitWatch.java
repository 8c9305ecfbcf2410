package io.shield.impl.limit;

import io.shield.internal.limit.RateLimiting;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, a line a minute at most, what limits could not do: count a key for lack of room,
 * or find the key they count by. Off the request path. Confined to the engine's context.
 */
public final class LimitWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);
  private static final long INTERVAL_MILLIS = 10_000;
  private static final int LOOKS_BETWEEN_LINES = 6;

  private final ContextInternal context;
  private final RateLimiting limits;
  private long timer = -1;
  private long uncounted;
  private long keyless;
  private int quiet;

  public LimitWatch(ContextInternal context, RateLimiting limits) {
    this.context = context;
    this.limits = limits;
  }

  public void open() {
    timer = context.setPeriodic(INTERVAL_MILLIS, id -> look());
  }

  private void look() {
    String news = news();
    if (news != null) {
      LOG.warn("{}", news);
    }
  }

  /** What happened since it was told last; null if nothing did or it is not time to tell it yet. */
  @Nullable String news() {
    if (quiet > 0) {
      quiet--;
      return null;
    }
    long nowUncounted = limits.uncounted();
    long nowKeyless = limits.keyless();
    if (nowUncounted == uncounted && nowKeyless == keyless) {
      return null;
    }
    String news =
        "Rate limits: %d requests passed uncounted, as no room was left for their keys; %d were refused, as they have no key and on_missing_key is block"
            .formatted(nowUncounted - uncounted, nowKeyless - keyless);
    uncounted = nowUncounted;
    keyless = nowKeyless;
    quiet = LOOKS_BETWEEN_LINES - 1;
    return news;
  }

  public void close() {
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
      timer = -1;
    }
  }
}
