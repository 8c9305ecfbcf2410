package io.shield.internal.value;

import java.util.random.RandomGenerator;

/**
 * How long to wait before something that failed is tried again: each time twice as long, up to a
 * limit, and at random in the upper half of that, so that many who lost the same thing at the same
 * moment do not come back at the same moment. Not thread-safe.
 */
public final class Backoff {
  private final long minMillis;
  private final long maxMillis;
  private final RandomGenerator random;
  private long nextMillis;

  /**
   * Nothing failed yet.
   *
   * @param minMillis the longest first wait, at least 2
   * @param maxMillis the longest of all
   * @param random what the waits are drawn from
   */
  public Backoff(long minMillis, long maxMillis, RandomGenerator random) {
    this.minMillis = minMillis;
    this.maxMillis = maxMillis;
    this.random = random;
    this.nextMillis = minMillis;
  }

  /** How long to wait now, in milliseconds, at least 1. */
  public long next() {
    long half = nextMillis / 2;
    nextMillis = Math.min(maxMillis, 2 * nextMillis);
    return half + random.nextLong(half + 1);
  }

  /** It worked: the next wait is a first one again. */
  public void reset() {
    nextMillis = minMillis;
  }
}
