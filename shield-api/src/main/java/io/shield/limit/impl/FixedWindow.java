package io.shield.limit.impl;

import io.shield.limit.LimitRule;
import io.shield.limit.LiveCounter.Use;
import java.util.List;

/**
 * Windows begin at multiples of the period since 1970. The counter's time is its window's start.
 */
final class FixedWindow extends Algorithm {
  FixedWindow(LimitRule rule) {
    super(rule);
  }

  @Override
  Counter counter(int hash, String key, long time) {
    Counter counter = new Counter(hash, key);
    counter.time = time - time % period;
    return counter;
  }

  @Override
  void advance(Counter counter, long now) {
    if (now - counter.time >= period) {
      counter.time = now - now % period;
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

  @Override
  void refund(Counter counter, long cost, long takenAt) {
    long into = takenAt - counter.time;
    if (into >= 0 && into < period) {
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
