package io.shield.internal.limit;

import io.shield.limit.Limiter;
import io.shield.limit.LimiterOptions;
import io.shield.model.RateLimit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One limit of a limit string, and its counters.
 *
 * @param text the limit as it was written
 * @param limiter the counters
 */
record Bucket(String text, Limiter limiter) {
  private static final LimiterOptions OPTIONS = new LimiterOptions();

  /**
   * The limits of a string, in their order; none for {@code unlimited}.
   *
   * @param earlier those whose counters go on, in their order; null or fewer where there are none
   */
  static List<Bucket> of(
      String limits, Terms terms, @Nullable List<Bucket> earlier, long nowMicros) {
    List<RateLimit> parsed = RateLimit.parse("limit", limits);
    String[] texts = limits.split(";", -1);
    List<Bucket> buckets = new ArrayList<>(parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      var rule = terms.rule(parsed.get(i));
      Limiter limiter =
          earlier != null && i < earlier.size()
              ? earlier.get(i).limiter.replacedBy(rule, nowMicros)
              : Limiter.create(rule, OPTIONS);
      buckets.add(new Bucket(texts[i].trim(), limiter));
    }
    return List.copyOf(buckets);
  }

  long capacity() {
    return limiter.rule().capacity();
  }

  /** What a request takes; nothing can take more than there is at most. */
  long cost(long wanted) {
    return Math.min(wanted, capacity());
  }
}
