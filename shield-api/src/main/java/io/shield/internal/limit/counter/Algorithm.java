package io.shield.internal.limit.counter;

import io.shield.internal.limit.counter.Limiter.LimiterContext;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter.Use;
import java.util.List;

/**
 * How one rule counts. Works on counters whose lock the caller holds; has no state of its own.
 * Every method that takes the time first brings the counter up to it.
 */
abstract class Algorithm {
  final long capacity;
  final long period;

  Algorithm(LimitRule rule) {
    capacity = rule.capacity();
    period = rule.periodMicros();
  }

  static Algorithm of(LimitRule rule, LimiterContext context) {
    return switch (rule.algorithm()) {
      case FIXED_WINDOW -> new FixedWindow(rule, context.wallOffset());
      case SLIDING_WINDOW -> new SlidingWindow(rule);
      case MOVING_WINDOW -> new MovingWindow(rule);
      case TOKEN_BUCKET -> new TokenBucket(rule);
    };
  }

  /** Whether {@link Counter#more} has to be kept. */
  boolean needsMore() {
    return false;
  }

  /** Whether {@link Counter#log()} has to be kept. */
  boolean hasLog() {
    return false;
  }

  /** Makes one that is all zeros a counter with nothing in use, whose time is the one given. */
  abstract void begin(Counter counter, long time);

  /** A counter of nobody's, with nothing in use. */
  final Counter counter(long time) {
    Counter counter = new Counter();
    begin(counter, time);
    return counter;
  }

  /** Forgets what is over. A time before the counter's own changes nothing. */
  abstract void advance(Counter counter, long now);

  /** The units that can be taken, rounded down. */
  abstract long free(Counter counter, long now);

  /** Takes units, at most as many as are free. */
  abstract void take(Counter counter, long cost, long now);

  /** How long until a cost that is not free, and not above the capacity, is. */
  abstract long untilFree(Counter counter, long cost, long now);

  /** How long until nothing is in use; 0 or less if nothing is. */
  abstract long untilIdle(Counter counter, long now);

  /** Gives back what was taken at a moment, if that is certain not to have come back by itself. */
  abstract void refund(Counter counter, long cost, long takenAt);

  /** What is in use, so that {@link #add} with the same rule brings it back. */
  abstract List<Use> uses(Counter counter, long now);

  /** Counts units as used at a moment, at most as many as there are. */
  abstract void add(Counter counter, long units, long at);

  final long charge(Counter counter, long cost, long now) {
    advance(counter, now);
    long remaining = free(counter, now) - cost;
    if (remaining < 0) {
      return -untilFree(counter, cost, now);
    }
    take(counter, cost, now);
    return remaining;
  }

  final long peek(Counter counter, long cost, long now) {
    advance(counter, now);
    long remaining = free(counter, now) - cost;
    return remaining < 0 ? -untilFree(counter, cost, now) : remaining;
  }

  final long resetAfter(Counter counter, long now) {
    advance(counter, now);
    return Math.max(0, untilIdle(counter, now));
  }

  final boolean isIdle(Counter counter, long now) {
    return resetAfter(counter, now) == 0;
  }
}
