package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter.Use;
import java.math.BigInteger;
import java.util.List;

/**
 * The generic cell rate algorithm. A counter holds the moment at which its bucket will be full:
 * {@code time} in microseconds and {@code used} as what is to be added to it, in parts of a
 * microsecond of which {@link #parts} make a whole, so that a third of a second is exact. For
 * refunds it also knows, as {@code more}, when something was taken last.
 */
final class TokenBucket extends Algorithm {
  /** A unit comes back in {@code perUnit / parts} microseconds: period by count, reduced. */
  private final long perUnit;

  private final long parts;

  /** Up to so many microseconds are counted in units without an overflow. */
  private final long small;

  /** What {@link #perUnit} is in whole microseconds, and the parts that are left over. */
  private final long unitMicros;

  private final long unitParts;

  TokenBucket(LimitRule rule) {
    super(rule);
    long count = rule.limit().count();
    long divisor = BigInteger.valueOf(count).gcd(BigInteger.valueOf(period)).longValueExact();
    perUnit = period / divisor;
    parts = count / divisor;
    small = (Long.MAX_VALUE - perUnit - parts) / parts;
    unitMicros = perUnit / parts;
    unitParts = perUnit % parts;
  }

  @Override
  boolean needsMore() {
    return true;
  }

  @Override
  void begin(Counter counter, long time) {
    counter.time = time;
  }

  @Override
  void advance(Counter counter, long now) {
    if (counter.time < now) {
      counter.time = now;
      counter.used = 0;
    }
  }

  @Override
  long free(Counter counter, long now) {
    return Math.max(0, capacity - used(counter, now));
  }

  /** Units in use, rounded up; more than the capacity after the clock went back. */
  private long used(Counter counter, long now) {
    long micros = counter.time - now;
    if (micros <= small) {
      return (micros * parts + counter.used + perUnit - 1) / perUnit;
    }
    long units = Exact.mulDiv(micros, parts, perUnit);
    long more = Exact.rest(micros, parts, perUnit, units) + counter.used;
    return units + (more + perUnit - 1) / perUnit;
  }

  @Override
  void take(Counter counter, long cost, long now) {
    counter.more = Math.max(counter.more, now);
    if (cost == 1) {
      counter.time += unitMicros;
      counter.used += unitParts;
    } else {
      long micros = Exact.mulDiv(cost, perUnit, parts);
      counter.time += micros;
      counter.used += Exact.rest(cost, perUnit, parts, micros);
    }
    if (counter.used >= parts) {
      counter.used -= parts;
      counter.time++;
    }
  }

  @Override
  long untilFree(Counter counter, long cost, long now) {
    // Free as soon as no more than the rest of the capacity has to come back.
    long rest = capacity - cost;
    long micros = Exact.mulDiv(rest, perUnit, parts);
    boolean partMore = counter.used > Exact.rest(rest, perUnit, parts, micros);
    return counter.time - micros + (partMore ? 1 : 0) - now;
  }

  @Override
  long untilIdle(Counter counter, long now) {
    return counter.time + (counter.used > 0 ? 1 : 0) - now;
  }

  /**
   * What came back between this charge and the latest is not given back again: if the bucket was
   * full in between, it is lost to others.
   */
  @Override
  void refund(Counter counter, long cost, long takenAt) {
    long micros = Exact.mulDiv(cost, perUnit, parts);
    long since = counter.more - takenAt;
    if (since < 0 || since > micros) {
      return;
    }
    counter.time -= micros - since;
    counter.used -= Exact.rest(cost, perUnit, parts, micros);
    if (counter.used < 0) {
      counter.used += parts;
      counter.time--;
    }
  }

  @Override
  List<Use> uses(Counter counter, long now) {
    advance(counter, now);
    long used = Math.min(capacity, used(counter, now));
    return used == 0 ? List.of() : List.of(new Use(now, used));
  }

  @Override
  void add(Counter counter, long units, long at) {
    advance(counter, at);
    take(counter, Math.min(units, free(counter, at)), at);
  }
}
