package io.shield.internal.limit;

import io.shield.internal.limit.Charge.Standing;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.limit.Limiter;

/** One counter that a request is charged to. Used by one thread at a time. */
final class Taking {
  private static final long MICROS = 1_000_000;
  private static final long NOT_TAKEN = -1;

  final Counters counters;
  final Bucket bucket;
  private final String key;
  private final long cost;
  private long nowMicros;
  private long remaining = NOT_TAKEN;

  /**
   * @param key the counter's
   * @param cost what the request takes
   */
  Taking(Counters counters, Bucket bucket, String key, long cost) {
    this.counters = counters;
    this.bucket = bucket;
    this.key = key;
    this.cost = bucket.cost(cost);
  }

  /** Answers as {@link Limiter#charge}. */
  long charge(long now) {
    nowMicros = now;
    remaining = bucket.limiter().charge(key, cost, now);
    return remaining;
  }

  /** Answers as {@link Limiter#peek}. */
  long peek(long now) {
    nowMicros = now;
    return bucket.limiter().peek(key, cost, now);
  }

  void refund() {
    bucket.limiter().refund(key, cost, nowMicros);
    remaining = NOT_TAKEN;
  }

  /** What remained when it was charged; of one that was not, what remains. */
  long remaining() {
    return remaining >= 0 ? remaining : Math.max(0, bucket.limiter().peek(key, 0, nowMicros));
  }

  Standing standing() {
    Limiter limiter = bucket.limiter();
    return new Standing(
        counters.policy().name(),
        bucket.capacity(),
        (limiter.rule().periodMicros() + MICROS - 1) / MICROS,
        remaining(),
        millisUp(nowMicros + limiter.resetAfterMicros(key, nowMicros)));
  }

  static long millisUp(long micros) {
    return (micros + 999) / 1000;
  }
}
