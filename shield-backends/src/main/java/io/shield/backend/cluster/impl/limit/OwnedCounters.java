package io.shield.backend.cluster.impl.limit;

import io.shield.internal.limit.counter.Limiter;
import io.shield.internal.limit.time.LimitClock;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.shield.spi.limit.SharedCounters.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The counters of the keys that this member owns. Several counters of a request are asked, then
 * charged one after the other, and given back if one of them refuses after all. Thread-safe.
 */
final class OwnedCounters {
  /** A limit goes on counting when its policy's count or algorithm changes. */
  private record Id(String policy, @Nullable String tier, String keys, long periodMicros) {
    static Id of(Limit limit) {
      return new Id(
          limit.policy(),
          limit.tier(),
          limit.keyStrategy().wireName(),
          limit.rule().periodMicros());
    }
  }

  private final LimitClock clock;
  private final Map<Id, Limiter> limiters = new ConcurrentHashMap<>();

  OwnedCounters(LimitClock clock) {
    this.clock = clock;
  }

  private Limiter limiter(Limit limit) {
    Id id = Id.of(limit);
    Limiter known = limiters.get(id);
    return known != null && known.rule().equals(limit.rule())
        ? known
        : limiters.compute(id, (same, old) -> next(old, limit.rule()));
  }

  private Limiter next(@Nullable Limiter old, LimitRule rule) {
    return old == null ? Limiter.create(rule) : old.replacedBy(rule, clock.exact());
  }

  /** Charges a request: what is in force all or none, then each shadow policy's the same way. */
  Answer charge(List<Demand> demands) {
    long now = clock.exact();
    long[] answers = new long[demands.size()];
    List<Integer> enforced = new ArrayList<>(demands.size());
    List<List<Integer>> shadows = new ArrayList<>();
    String shadow = null;
    for (int i = 0; i < demands.size(); i++) {
      Demand demand = demands.get(i);
      if (!demand.shadow()) {
        enforced.add(i);
        continue;
      }
      if (!demand.limit().policy().equals(shadow)) {
        shadow = demand.limit().policy();
        shadows.add(new ArrayList<>());
      }
      shadows.get(shadows.size() - 1).add(i);
    }
    boolean admitted = take(demands, enforced, answers, now);
    boolean[] counted = new boolean[demands.size()];
    enforced.forEach(i -> counted[i] = admitted);
    for (List<Integer> policy : shadows) {
      boolean fits = admitted && take(demands, policy, answers, now);
      policy.forEach(i -> counted[i] = fits);
    }
    List<Standing> standings = new ArrayList<>(demands.size());
    for (int i = 0; i < demands.size(); i++) {
      standings.add(standing(demands.get(i), counted[i], answers[i], now));
    }
    return new Answer(admitted, now, standings);
  }

  private boolean take(List<Demand> demands, List<Integer> all, long[] answers, long now) {
    boolean fits = true;
    for (int i : all) {
      Demand demand = demands.get(i);
      answers[i] = limiter(demand.limit()).peek(demand.key(), demand.cost(), now);
      fits &= answers[i] >= 0;
    }
    for (int at = 0; fits && at < all.size(); at++) {
      int i = all.get(at);
      Demand demand = demands.get(i);
      answers[i] = limiter(demand.limit()).charge(demand.key(), demand.cost(), now);
      if (answers[i] < 0) {
        all.subList(0, at).forEach(taken -> giveBack(demands.get(taken), now));
        fits = false;
      }
    }
    return fits;
  }

  private Standing standing(Demand demand, boolean counted, long answer, long now) {
    Limiter limiter = limiter(demand.limit());
    long wait = counted || answer >= 0 ? 0 : -answer;
    long remaining = counted ? answer : Math.max(0, limiter.peek(demand.key(), 0, now));
    return new Standing(
        counted, remaining, wait, limiter.resetAfterMicros(demand.key(), now), null);
  }

  /** Gives back what was charged at a time. */
  void giveBack(Demand demand, long atMicros) {
    limiter(demand.limit()).refund(demand.key(), demand.cost(), atMicros);
  }

  /** Forgets what a policy counted. */
  void reset(String policy) {
    limiters.forEach(
        (id, limiter) -> {
          if (id.policy().equals(policy)) {
            limiter.resetAll();
          }
        });
  }

  /** Forgets what a limit counted for a key. */
  void reset(Limit limit, String key) {
    Limiter known = limiters.get(Id.of(limit));
    if (known != null) {
      known.reset(key);
    }
  }

  /** Drops what is not in use. Takes time in proportion to the number of keys. */
  void sweep() {
    long now = clock.exact();
    limiters.values().forEach(limiter -> limiter.sweep(now));
  }
}
