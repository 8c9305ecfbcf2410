package io.shield.internal.limit.key;

import io.shield.model.KeyStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The names of one request's counters. Policies of a route mostly count by the same key: it is made
 * once. Used by one thread.
 */
public final class CallerKeys {
  private final LimitCaller caller;
  private final String templateKey;
  private @Nullable KeyStrategy made;
  private @Nullable String key;

  /**
   * @param templateKey the counter of the route that the request ends in
   */
  public CallerKeys(LimitCaller caller, String templateKey) {
    this.caller = caller;
    this.templateKey = templateKey;
  }

  /** Whose they are. */
  public LimitCaller caller() {
    return caller;
  }

  /**
   * The counter's name, or null if the caller has no such key.
   *
   * @param routeKey the counter of the policy's route; null if the policy is wide
   */
  public @Nullable String of(KeyStrategy strategy, @Nullable String routeKey) {
    if (strategy == KeyStrategy.GLOBAL) {
      return routeKey == null ? templateKey : routeKey;
    }
    if (strategy != made) {
      key = LimitKeys.of(strategy, caller);
      made = strategy;
    }
    return key;
  }
}
