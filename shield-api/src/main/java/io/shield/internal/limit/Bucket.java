package io.shield.internal.limit;

import io.shield.internal.limit.counter.Leases;
import io.shield.internal.limit.counter.Limiter;
import io.shield.internal.limit.counter.Limiter.LimiterContext;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One limit of a limit string, and its counters.
 *
 * @param limit tells it from others
 * @param scope whose policy it is of
 * @param text the limit as it was written
 * @param limiter the counters
 * @param capacity the units it has at most
 * @param cost what a request takes that says nothing else, at most the capacity
 * @param shadow whether its policy refuses nothing
 * @param wallOffset what is to be added to the time of limits to have the wall clock's
 * @param refused what a shared store is known to refuse
 * @param leases what a shared store lent to this process; null if it is asked each time
 */
record Bucket(
    Limit limit,
    LimitScope scope,
    String text,
    Limiter limiter,
    long capacity,
    int cost,
    boolean shadow,
    LongSupplier wallOffset,
    KnownRefusals refused,
    @Nullable Leases leases) {
  /**
   * The limits of a string, in their order; none for {@code unlimited}.
   *
   * @param earlier those whose counters go on; none where there are none
   */
  static List<Bucket> of(
      String policyKey,
      LimitScope scope,
      @Nullable String tier,
      String limits,
      Terms terms,
      List<Bucket> earlier,
      LimiterContext context,
      long nowMicros) {
    List<RateLimit> parsed = RateLimit.parse("limit", limits);
    String[] texts = limits.split(";", -1);
    @Nullable Bucket[] before = inOrderOf(parsed, earlier);
    List<Bucket> buckets = new ArrayList<>(parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      LimitRule rule = terms.rule(parsed.get(i));
      Bucket old = before[i];
      Limiter limiter =
          old == null
              ? new Limiter(rule, Limiter.DEFAULT_MAX_KEYS, context)
              : old.limiter.replacedBy(rule, nowMicros);
      Limit limit = new Limit(policyKey, tier, terms.keyStrategy(), rule);
      buckets.add(
          new Bucket(
              limit,
              scope,
              texts[i].trim(),
              limiter,
              rule.capacity(),
              (int) Math.min(terms.cost(), rule.capacity()),
              terms.shadow(),
              context.wallOffset(),
              new KnownRefusals(),
              leases(terms, limit, old)));
    }
    return List.copyOf(buckets);
  }

  private static @Nullable Leases leases(Terms terms, Limit limit, @Nullable Bucket earlier) {
    LimitRule rule = limit.rule();
    if (!terms.lease() || rule.periodMicros() < Leases.MIN_PERIOD_MICROS) {
      return null;
    }
    Leases known = earlier == null || !earlier.limit.equals(limit) ? null : earlier.leases;
    return known == null ? new Leases(rule) : known;
  }

  /** Forgets what was counted in the process, for one key or for all. */
  void reset(@Nullable String key) {
    if (key == null) {
      limiter.resetAll();
      refused.forgetAll();
      if (leases != null) {
        leases.forgetAll();
      }
    } else {
      limiter.reset(key);
      refused.forget(key);
      if (leases != null) {
        leases.forget(key);
      }
    }
  }

  /** Notes what a shared store refuses: as long as it does, or until others may give back. */
  void refuse(String key, long cost, long nowMicros, long waitMicros) {
    refused.add(
        key, cost, nowMicros, leases == null ? waitMicros : Math.min(waitMicros, leases.micros()));
  }

  /** The key of its policy. */
  String policyKey() {
    return limit.policy();
  }

  /** The tier it is for; null if it is for callers without one. */
  @Nullable String tier() {
    return limit.tier();
  }

  /**
   * Who used up what there is for a second has not used up what there is for an hour: the counters
   * of a limit go on under the one with its period. What is left over goes on in its order.
   */
  private static @Nullable Bucket[] inOrderOf(List<RateLimit> limits, List<Bucket> earlier) {
    List<Bucket> left = new ArrayList<>(earlier);
    @Nullable Bucket[] ordered = new Bucket[limits.size()];
    for (int i = 0; i < ordered.length; i++) {
      ordered[i] = takeWithPeriod(left, limits.get(i).period());
    }
    for (int i = 0; i < ordered.length && !left.isEmpty(); i++) {
      ordered[i] = ordered[i] == null ? left.remove(0) : ordered[i];
    }
    return ordered;
  }

  private static @Nullable Bucket takeWithPeriod(List<Bucket> left, Duration period) {
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i).limiter.rule().limit().period().equals(period)) {
        return left.remove(i);
      }
    }
    return null;
  }

  /**
   * Keys that a shared store refused, and until when it will: it need not be asked meanwhile.
   * Thread-safe.
   */
  static final class KnownRefusals {
    /** A flood of refused keys is told apart so far; beyond, the store is asked. */
    private static final int MAX_KEYS = 10_000;

    private final ConcurrentHashMap<String, Refusal> byKey = new ConcurrentHashMap<>();

    /** None is known. */
    public KnownRefusals() {}

    /** Whoever asks for as much or more is refused until then. */
    private record Refusal(long cost, long untilMicros) {}

    /** How long a cost is refused for certain; 0 if the store has to be asked. */
    public long waitMicros(String key, long cost, long nowMicros) {
      if (byKey.isEmpty()) {
        return 0;
      }
      Refusal refusal = byKey.get(key);
      if (refusal == null || cost < refusal.cost) {
        return 0;
      }
      long left = refusal.untilMicros - nowMicros;
      if (left <= 0) {
        byKey.remove(key, refusal);
      }
      return Math.max(0, left);
    }

    /** The store refused a cost, and will for so long. */
    public void add(String key, long cost, long nowMicros, long waitMicros) {
      if (byKey.size() >= MAX_KEYS) {
        byKey.values().removeIf(refusal -> refusal.untilMicros <= nowMicros);
      }
      if (byKey.size() < MAX_KEYS) {
        byKey.put(key, new Refusal(cost, nowMicros + waitMicros));
      }
    }

    public void forget(String key) {
      byKey.remove(key);
    }

    public void forgetAll() {
      byKey.clear();
    }
  }
}
