package io.shield.internal.limit;

import io.shield.limit.LimitRule;
import io.shield.limit.LimiterOptions;
import io.shield.limit.impl.LimiterImpl;
import io.shield.model.RateLimit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One limit of a limit string, and its counters.
 *
 * @param policy what its policy limits: {@code global}, {@code service} or {@code route}
 * @param tier the tier it is for; null if it is for callers without one
 * @param text the limit as it was written
 * @param limiter the counters
 * @param capacity the units it has at most
 */
record Bucket(
    String policy, @Nullable String tier, String text, LimiterImpl limiter, long capacity) {
  private static final LimiterOptions OPTIONS = new LimiterOptions();

  /**
   * The limits of a string, in their order; none for {@code unlimited}.
   *
   * @param earlier those whose counters go on, in their order; fewer where there are none
   */
  static List<Bucket> of(
      String policy,
      @Nullable String tier,
      String limits,
      Terms terms,
      List<Bucket> earlier,
      long nowMicros) {
    List<RateLimit> parsed = RateLimit.parse("limit", limits);
    String[] texts = limits.split(";", -1);
    List<Bucket> buckets = new ArrayList<>(parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      LimitRule rule = terms.rule(parsed.get(i));
      LimiterImpl limiter =
          i < earlier.size()
              ? earlier.get(i).limiter.replacedBy(rule, nowMicros)
              : new LimiterImpl(rule, OPTIONS);
      buckets.add(new Bucket(policy, tier, texts[i].trim(), limiter, rule.capacity()));
    }
    return List.copyOf(buckets);
  }
}
