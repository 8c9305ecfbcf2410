package io.shield.internal.limit;

import io.shield.model.KeyStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The names of one request's counters. Policies of a route mostly count by the same key: it is made
 * once. Used by one thread.
 */
final class CallerKeys {
  final LimitCaller caller;
  private final String template;
  private @Nullable KeyStrategy made;
  private @Nullable String key;

  CallerKeys(LimitCaller caller, String template) {
    this.caller = caller;
    this.template = template;
  }

  /**
   * The counter's name, or null if the caller has no such key.
   *
   * @param route the path of the policy's route; null if the policy is wide
   */
  @Nullable String of(KeyStrategy strategy, @Nullable String route) {
    if (strategy == KeyStrategy.GLOBAL) {
      return LimitKeys.ofRoute(route == null ? template : route);
    }
    if (strategy != made) {
      key = LimitKeys.of(strategy, caller);
      made = strategy;
    }
    return key;
  }
}
