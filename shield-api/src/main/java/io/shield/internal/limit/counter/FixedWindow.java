package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter.Use;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Windows begin at multiples of the period since 1970 by the wall clock. The counter's time is its
 * window's start. When the wall clock is set, a window goes on to its end, and the next is the one
 * that the wall clock shows: it may have begun before the other ended.
 */
final class FixedWindow extends Algorithm {
  private final LongSupplier wallOffset;
  private volatile long knownOffset;

  /** When the wall clock was last found to have been set. */
  private volatile long steppedAt;

  FixedWindow(LimitRule rule, LongSupplier wallOffset) {
    super(rule);
    this.wallOffset = wallOffset;
    this.knownOffset = wallOffset.getAsLong();
    this.steppedAt = -period;
  }

  private long start(long now) {
    long offset = wallOffset.getAsLong();
    if (offset != knownOffset) {
      steppedAt = now;
      knownOffset = offset;
    }
    return now - Math.floorMod(now + offset, period);
  }

  @Override
  void begin(Counter counter, long time) {
    counter.time = start(time);
  }

  @Override
  void advance(Counter counter, long now) {
    if (now - counter.time >= period) {
      counter.time = start(now);
      counter.used = 0;
    }
  }

  @Override
  long free(Counter counter, long now) {
    return capacity - counter.used;
  }

  @Override
  void take(Counter counter, long cost, long now) {
    counter.used += cost;
  }

  @Override
  long untilFree(Counter counter, long cost, long now) {
    return counter.time + period - now;
  }

  @Override
  long untilIdle(Counter counter, long now) {
    return counter.used == 0 ? 0 : counter.time + period - now;
  }

  /** While windows may overlap it is not certain which one was charged. */
  @Override
  void refund(Counter counter, long cost, long takenAt) {
    long into = takenAt - counter.time;
    if (into >= 0 && into < period && takenAt - steppedAt >= period) {
      counter.used = Math.max(0, counter.used - cost);
    }
  }

  @Override
  List<Use> uses(Counter counter, long now) {
    advance(counter, now);
    return counter.used == 0 ? List.of() : List.of(new Use(counter.time, counter.used));
  }

  @Override
  void add(Counter counter, long units, long at) {
    advance(counter, at);
    counter.used += Math.min(units, capacity - counter.used);
  }
}
