package io.shield.internal.limit;

import java.util.concurrent.ConcurrentHashMap;

/** How many requests of each key are under way. Only keys with any are kept. Thread-safe. */
final class Concurrency {
  private final ConcurrentHashMap<String, Integer> underWay = new ConcurrentHashMap<>();

  /** Counts one more; false if there are as many as may be. */
  boolean enter(String key, int max) {
    boolean[] entered = new boolean[1];
    underWay.compute(
        key,
        (k, count) -> {
          int before = count == null ? 0 : count;
          entered[0] = before < max;
          return entered[0] ? Integer.valueOf(before + 1) : count;
        });
    return entered[0];
  }

  void leave(String key) {
    underWay.computeIfPresent(key, (k, count) -> count == 1 ? null : Integer.valueOf(count - 1));
  }
}
