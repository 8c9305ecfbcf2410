package io.shield.impl.webhook;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When a request that failed is tried again. */
final class Backoff {
  /** An event that was not taken for so long is given up. */
  static final Duration LAST = Duration.ofDays(1);

  private static final long FIRST_MILLIS = 1000;
  private static final int FACTOR = 4;
  private static final long MAX_MILLIS = Duration.ofHours(4).toMillis();

  private Backoff() {}

  /**
   * How long to wait after a number of tries: a second, then four times as long each time, at most
   * four hours, each half as long up to whole, by chance.
   */
  static Duration after(int attempts, RandomGenerator random) {
    long whole = FIRST_MILLIS;
    for (int i = 1; i < attempts && whole < MAX_MILLIS; i++) {
      whole *= FACTOR;
    }
    whole = Math.min(whole, MAX_MILLIS);
    return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
  }
}
