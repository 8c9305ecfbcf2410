package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter.Use;
import java.util.ArrayList;
import java.util.List;

/**
 * A log of what was used when: never more than the capacity in any period. The counter's time is
 * the latest it was asked at.
 */
final class MovingWindow extends Algorithm {
  /** The most entries of a log, so that a limit of millions takes no more memory than it should. */
  static final int MAX_ENTRIES = 8192;

  /** What is used within one tick is one entry, as of its last moment: kept a tick too long. */
  private final long tick;

  MovingWindow(LimitRule rule) {
    super(rule);
    tick = capacity <= MAX_ENTRIES ? 1 : (period + MAX_ENTRIES - 1) / MAX_ENTRIES;
  }

  @Override
  boolean hasLog() {
    return true;
  }

  @Override
  void begin(Counter counter, long time) {
    counter.time = time;
    counter.log(new Log());
  }

  @Override
  void advance(Counter counter, long now) {
    if (now > counter.time) {
      counter.time = now;
      counter.used -= counter.log().dropUntil(now - period);
    }
  }

  @Override
  long free(Counter counter, long now) {
    return capacity - counter.used;
  }

  @Override
  void take(Counter counter, long cost, long now) {
    if (cost == 0) {
      return;
    }
    Log log = counter.log();
    int last = log.size() - 1;
    if (last >= 0 && isOneTick(log.at(last), counter.time)) {
      log.addToLast(cost, counter.time);
    } else {
      log.append(cost, counter.time);
    }
    counter.used += cost;
  }

  /** Most are the same moment: the clock is coarser than a microsecond. */
  private boolean isOneTick(long moment, long other) {
    return moment == other || moment / tick == other / tick;
  }

  @Override
  long untilFree(Counter counter, long cost, long now) {
    Log log = counter.log();
    long tooMany = counter.used + cost - capacity;
    int i = 0;
    while (tooMany > log.units(i)) {
      tooMany -= log.units(i++);
    }
    return log.at(i) + period - now;
  }

  @Override
  long untilIdle(Counter counter, long now) {
    Log log = counter.log();
    return log.size() == 0 ? 0 : log.at(log.size() - 1) + period - now;
  }

  @Override
  void refund(Counter counter, long cost, long takenAt) {
    Log log = counter.log();
    for (int i = log.size() - 1; i >= 0 && log.at(i) / tick >= takenAt / tick; i--) {
      if (isOneTick(log.at(i), takenAt)) {
        counter.used -= log.takeBack(i, cost);
        return;
      }
    }
  }

  @Override
  List<Use> uses(Counter counter, long now) {
    advance(counter, now);
    Log log = counter.log();
    List<Use> uses = new ArrayList<>(log.size());
    for (int i = 0; i < log.size(); i++) {
      if (log.units(i) > 0) {
        uses.add(new Use(log.at(i), log.units(i)));
      }
    }
    return uses;
  }

  @Override
  void add(Counter counter, long units, long at) {
    advance(counter, at);
    take(counter, Math.min(units, capacity - counter.used), at);
  }
}
