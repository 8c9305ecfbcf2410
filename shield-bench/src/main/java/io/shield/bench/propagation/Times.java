package io.shield.bench.propagation;

import java.util.Arrays;

/** Times in nanoseconds, of which quantiles are asked for. */
public final class Times {
  private final long[] sorted;

  private Times(long[] sorted) {
    this.sorted = sorted;
  }

  /** Times to ask for. */
  public static Times of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Times(sorted);
  }

  /**
   * The time that a part of all does not exceed, in milliseconds.
   *
   * @param part above 0, at most 1
   */
  public double millis(double part) {
    int index = (int) Math.ceil(part * sorted.length) - 1;
    return sorted[Math.max(0, index)] / 1e6;
  }
}
