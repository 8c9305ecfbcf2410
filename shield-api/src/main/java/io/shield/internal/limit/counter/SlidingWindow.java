package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter.Use;
import java.util.ArrayList;
import java.util.List;

/**
 * Fixed windows, of which the one before still counts with the part of it that lies within a period
 * of now. The counter's time is the start of its window, {@code more} what was used in the one
 * before.
 */
final class SlidingWindow extends Algorithm {
  SlidingWindow(LimitRule rule) {
    super(rule);
  }

  @Override
  boolean needsMore() {
    return true;
  }

  @Override
  void begin(Counter counter, long time) {
    counter.time = time - time % period;
  }

  @Override
  void advance(Counter counter, long now) {
    long into = now - counter.time;
    if (into >= period) {
      counter.more = into < 2 * period ? counter.used : 0;
      counter.used = 0;
      counter.time = now - now % period;
    }
  }

  @Override
  long free(Counter counter, long now) {
    long previous = counter.more;
    long into = Math.max(0, now - counter.time);
    long over = previous == 0 ? 0 : Exact.mulDiv(previous, into, period);
    return Math.max(0, capacity - counter.used - (previous - over));
  }

  @Override
  void take(Counter counter, long cost, long now) {
    counter.used += cost;
  }

  @Override
  long untilFree(Counter counter, long cost, long now) {
    long previous = counter.more;
    long tooMany = counter.used + cost - capacity;
    if (tooMany <= 0) {
      // Enough of the previous window has to pass.
      long into = Exact.mulDivUp(tooMany + previous, period, previous);
      return counter.time + into - now;
    }
    // It does not fit into this window at all; in the next one this is the previous.
    long into = Exact.mulDivUp(tooMany, period, counter.used);
    return counter.time + period + into - now;
  }

  @Override
  long untilIdle(Counter counter, long now) {
    if (counter.used > 0) {
      return counter.time + 2 * period - now;
    }
    return counter.more > 0 ? counter.time + period - now : 0;
  }

  @Override
  void refund(Counter counter, long cost, long takenAt) {
    long into = takenAt - counter.time;
    if (into >= 0 && into < period) {
      counter.used = Math.max(0, counter.used - cost);
    } else if (into < 0 && into >= -period) {
      counter.more = Math.max(0, counter.more - cost);
    }
  }

  @Override
  List<Use> uses(Counter counter, long now) {
    advance(counter, now);
    List<Use> uses = new ArrayList<>();
    long previous = counter.more;
    if (previous > 0) {
      uses.add(new Use(counter.time - period, previous));
    }
    if (counter.used > 0) {
      uses.add(new Use(counter.time, counter.used));
    }
    return uses;
  }

  @Override
  void add(Counter counter, long units, long at) {
    advance(counter, at);
    counter.used += Math.min(units, capacity - counter.used);
  }
}
