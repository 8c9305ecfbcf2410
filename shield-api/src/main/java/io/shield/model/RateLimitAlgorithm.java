package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** How a limit counts. */
public enum RateLimitAlgorithm {
  /** Counts per fixed window; up to twice the limit within one rolling window. */
  FIXED_WINDOW,
  /** Weights the previous window's count by its overlap. */
  SLIDING_WINDOW,
  /** Exact: never more than the limit in any window. */
  MOVING_WINDOW,
  /** Generic cell rate algorithm: a steady rate with a burst. */
  TOKEN_BUCKET;

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static RateLimitAlgorithm parse(String name) {
    return WireName.parse(RateLimitAlgorithm.class, "algorithm", name);
  }
}
