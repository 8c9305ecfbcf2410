package io.shield.impl.limit;

import io.shield.internal.limit.RateLimiting;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, a line a minute at most, what limits could not do: count a key for lack of room,
 * find the key they count by, or get an answer of shared counters in time. Of the last, single ones
 * are told by nobody else: whatever counts is given up only after several in a row. Off the request
 * path. Confined to the engine's context.
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
  private long unanswered;
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
    long nowUnanswered = limits.storeFailures();
    List<String> news = new ArrayList<>();
    if (nowUncounted != uncounted) {
      news.add(
          (nowUncounted - uncounted)
              + " requests passed uncounted, as no room was left for their keys");
    }
    if (nowKeyless != keyless) {
      news.add(
          (nowKeyless - keyless)
              + " were refused, as they have no key and on_missing_key is block");
    }
    if (nowUnanswered != unanswered) {
      news.add(
          (nowUnanswered - unanswered)
              + " got no answer of the shared counters in time, so that on_store_failure decided");
    }
    if (news.isEmpty()) {
      return null;
    }
    uncounted = nowUncounted;
    keyless = nowKeyless;
    unanswered = nowUnanswered;
    quiet = LOOKS_BETWEEN_LINES - 1;
    return "Rate limits: " + String.join("; ", news);
  }

  public void close() {
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
      timer = -1;
    }
  }
}
