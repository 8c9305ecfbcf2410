package io.shield.spi.limit;

import io.shield.model.KeyStrategy;
import io.shield.model.store.Head;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one limit has counted, so that it can be restored.
 *
 * @param limit which
 * @param head the store's head when it was read; resets of later commits are not in it
 * @param counters of the keys that have something in use
 */
public record KeptCounters(Limit limit, Head head, List<Kept> counters) {
  public KeptCounters {
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(head, "head");
    counters = List.copyOf(counters);
  }

  /** The same without a key. */
  public KeptCounters without(String key) {
    List<Kept> others =
        counters.stream().filter(kept -> !kept.counter().key().equals(key)).toList();
    return new KeptCounters(limit, head, others);
  }

  /**
   * Tells limits apart: counters are restored to an equal one only.
   *
   * @param policy the key of its policy
   * @param tier the tier it is for; null for callers of none
   * @param keyStrategy what its keys are
   * @param rule how it counts
   */
  public record Limit(
      String policy, @Nullable String tier, KeyStrategy keyStrategy, LimitRule rule) {
    public Limit {
      Objects.requireNonNull(policy, "policy");
      Objects.requireNonNull(keyStrategy, "keyStrategy");
      Objects.requireNonNull(rule, "rule");
    }
  }

  /**
   * One key's counter.
   *
   * @param counter what it has in use
   * @param refusing whether it has nothing left
   * @param untilMicros when it has everything again, in microseconds since 1970
   */
  public record Kept(LiveCounter counter, boolean refusing, long untilMicros) {
    public Kept {
      Objects.requireNonNull(counter, "counter");
    }

    /** Whether more is in use than in another counter of the same key and limit. */
    public boolean exceeds(Kept other) {
      long more = units() - other.units();
      return more > 0 || (more == 0 && untilMicros > other.untilMicros);
    }

    private long units() {
      return counter.uses().stream().mapToLong(LiveCounter.Use::units).sum();
    }
  }
}
