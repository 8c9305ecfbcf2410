package io.shield.internal.limit;

import io.shield.internal.limit.Charge.Standing;
import io.shield.internal.limit.counter.Counter;
import io.shield.internal.limit.counter.Limiter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One counter that a request is charged to. Used by one thread at a time. */
class Reservation {
  private static final long MICROS = 1_000_000;

  final Bucket bucket;
  final String key;
  final int cost;
  private @Nullable Counter locked;
  private long answer;
  private boolean taken;

  /**
   * @param key the counter's
   * @param wanted what the request takes, if there is as much
   */
  Reservation(Bucket bucket, String key, int wanted) {
    this.bucket = bucket;
    this.key = key;
    this.cost = (int) Math.min(wanted, bucket.capacity());
  }

  /** Keeps others from the counter; false if there is none yet. */
  boolean lock() {
    locked = bucket.limiter().lock(key);
    return locked != null;
  }

  /** As {@link #lock}, but false if others keep this one from it. */
  boolean tryLock() {
    locked = bucket.limiter().tryLock(key);
    return locked != null;
  }

  void unlock() {
    if (locked != null) {
      locked.unlock();
      locked = null;
    }
  }

  /** Answers as {@link Limiter#charge}. */
  long charge(long now) {
    answer = bucket.limiter().charge(key, cost, now);
    taken = answer >= 0;
    return answer;
  }

  /** Answers as {@link Limiter#peek}. */
  long peek(long now) {
    Limiter limiter = bucket.limiter();
    answer = locked == null ? limiter.peek(key, cost, now) : limiter.peek(locked, cost, now);
    return answer;
  }

  /** Takes what {@link #peek} said was there, from the counter that has been locked since. */
  void take(long now) {
    bucket.limiter().take(Objects.requireNonNull(locked), cost, now);
    taken = true;
  }

  /** Gives back what was charged at a time, if it was. */
  void giveBack(long chargedAt) {
    if (taken) {
      bucket.limiter().refund(key, cost, chargedAt);
      taken = false;
    }
  }

  /** What remained when it was charged; of one that was not, what remains. */
  long remaining(long now) {
    return taken ? answer : Math.max(0, bucket.limiter().peek(key, 0, now));
  }

  Standing standing(long now) {
    long after = answer < 0 ? -answer : bucket.limiter().resetAfterMicros(key, now);
    return standing(now, after, remaining(now));
  }

  final Standing standing(long now, long afterMicros, long remaining) {
    return new Standing(
        bucket.scope().wireName(),
        bucket.capacity(),
        (bucket.limit().rule().periodMicros() + MICROS - 1) / MICROS,
        remaining,
        millisUp(now + bucket.wallOffset().getAsLong() + afterMicros));
  }

  static long millisUp(long micros) {
    return (micros + 999) / 1000;
  }
}
