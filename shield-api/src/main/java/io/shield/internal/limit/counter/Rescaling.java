package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter.Use;
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
  /** What a counter, whose lock is held, has in use under the new rule. */
  List<Use> apply(Algorithm algorithm, Counter counter) {
    if (from.algorithm() == to.algorithm() && from.periodMicros() == to.periodMicros()) {
      return scaled(algorithm.uses(counter, now));
    }
    algorithm.advance(counter, now);
    long used = from.capacity() - algorithm.free(counter, now);
    return used == 0 ? List.of() : scaled(List.of(new Use(now, used)));
  }

  /** The sum is rounded up once, not each use. */
  private List<Use> scaled(List<Use> uses) {
    List<Use> scaled = new ArrayList<>(uses.size());
    long sum = 0;
    long scaledSum = 0;
    for (Use use : uses) {
      sum += use.units();
      long units = Exact.mulDivUp(sum, to.capacity(), from.capacity()) - scaledSum;
      if (units > 0) {
        scaled.add(new Use(use.atMicros(), units));
        scaledSum += units;
      }
    }
    return scaled;
  }
}
