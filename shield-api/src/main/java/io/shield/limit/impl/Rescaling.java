package io.shield.limit.impl;

import io.shield.limit.LimitRule;
import io.shield.limit.LiveCounter;
import io.shield.limit.LiveCounter.Use;
import java.util.ArrayList;
import java.util.List;

/**
 * What one rule's counters are under another.
 *
 * @param from the rule they were counted with
 * @param to the rule they go on with
 * @param now when
 */
record Rescaling(LimitRule from, LimitRule to, long now) {
  /** The sum is rounded up once, not each use. */
  LiveCounter apply(LiveCounter counter) {
    List<Use> scaled = new ArrayList<>();
    long sum = 0;
    long scaledSum = 0;
    for (Use use : counter.uses()) {
      sum = Math.min(sum + use.units(), from.capacity());
      long units = Exact.mulDivUp(sum, to.capacity(), from.capacity()) - scaledSum;
      if (units > 0) {
        scaled.add(new Use(keepsTimes() ? use.atMicros() : now, units));
        scaledSum += units;
      }
    }
    return new LiveCounter(counter.key(), scaled);
  }

  private boolean keepsTimes() {
    return from.algorithm() == to.algorithm() && from.periodMicros() == to.periodMicros();
  }
}
