package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.Charge.Standing;
import io.shield.internal.limit.HitSink.Refused;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.limit.Limiter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Charges one request to all its limits together: asks all, takes from each in a fixed order, and
 * gives back if another request was faster. So a refused request costs nothing, and no limit ever
 * admits too much. Then the shadow policies count what passed.
 */
final class Charging {
  private static final long MICROS = 1_000_000;

  private final LimitedRequest request;
  private final HitSink hits;
  private final LimitClock clock;
  private final List<Counters> enforced = new ArrayList<>();
  private final List<Counters> shadows = new ArrayList<>();
  private final List<Runnable> leave = new ArrayList<>();
  private long nowMicros;

  /** A limit that refuses, and for how long. */
  private record Refusing(Counters counters, String limit, long capacity, long waitMicros) {}

  Charging(LimitedRequest request, HitSink hits, LimitClock clock) {
    this.request = request;
    this.hits = hits;
    this.clock = clock;
    this.nowMicros = clock.ticked();
  }

  Charge charge() {
    // Keys first, so that an application's error in one of them leaves nothing half charged.
    for (PolicyLimit policy : request.limits().all()) {
      Counters counters = policy.counters(request.caller(), request.template());
      if (counters != null) {
        (policy.terms().shadow() ? shadows : enforced).add(counters);
      }
    }
    if (enforced.isEmpty() && shadows.isEmpty()) {
      return Charge.NOTHING;
    }
    try {
      return charged();
    } catch (RuntimeException | Error e) {
      leave.forEach(Runnable::run);
      throw e;
    }
  }

  private Charge charged() {
    List<Taking> takings = takings(enforced);
    Refusing refusing = take(takings);
    if (refusing != null && isLaterThanTicked()) {
      leaveAll();
      refusing = take(takings);
    }
    if (refusing == null) {
      shadows.forEach(this::takeInShadow);
      return new Charge(null, standings(takings), leave);
    }
    leaveAll();
    Instant resetAt = hit(refusing, false);
    return new Charge(
        new Decision.RateLimited(refusing.limit, refusing.capacity, resetAt),
        standings(takings),
        List.of());
  }

  /** The tick may be some milliseconds old, and nobody is to be refused for that. */
  private boolean isLaterThanTicked() {
    long ticked = nowMicros;
    nowMicros = Math.max(ticked, clock.exact());
    return nowMicros > ticked;
  }

  private void leaveAll() {
    leave.forEach(Runnable::run);
    leave.clear();
  }

  private @Nullable Refusing take(List<Taking> takings) {
    for (Counters counters : enforced) {
      if (counters.key() == null) {
        return withoutKey(counters);
      }
    }
    // One that is asked alone answers when it is charged.
    Refusing asked = takings.size() > 1 ? longest(takings) : null;
    if (asked != null) {
      return asked;
    }
    for (Counters counters : enforced) {
      if (!enter(counters)) {
        return tooMany(counters);
      }
    }
    for (int i = 0; i < takings.size(); i++) {
      long answer = takings.get(i).charge();
      if (answer < 0) {
        takings.subList(0, i).forEach(Taking::refund);
        Refusing lost = takings.get(i).refusing(-answer);
        Refusing longest = longest(takings);
        return longest == null || longest.waitMicros < lost.waitMicros ? lost : longest;
      }
    }
    return null;
  }

  /** One counter to be charged. */
  private final class Taking {
    final Counters counters;
    final Bucket bucket;
    final String key;
    final long cost;
    long remaining = -1;

    Taking(Counters counters, Bucket bucket, String key) {
      this.counters = counters;
      this.bucket = bucket;
      this.key = key;
      this.cost = bucket.cost(costOf(counters));
    }

    long charge() {
      remaining = bucket.limiter().charge(key, cost, nowMicros);
      return remaining;
    }

    long peek() {
      return bucket.limiter().peek(key, cost, nowMicros);
    }

    void refund() {
      bucket.limiter().refund(key, cost, nowMicros);
      remaining = -1;
    }

    Refusing refusing(long waitMicros) {
      return new Refusing(counters, bucket.text(), bucket.capacity(), waitMicros);
    }

    Standing standing() {
      Limiter limiter = bucket.limiter();
      long left = remaining >= 0 ? remaining : limiter.peek(key, 0, nowMicros);
      return new Standing(
          counters.policy().name(),
          bucket.capacity(),
          (limiter.rule().periodMicros() + MICROS - 1) / MICROS,
          Math.max(0, left),
          millisUp(nowMicros + limiter.resetAfterMicros(key, nowMicros)));
    }
  }

  private List<Taking> takings(List<Counters> asked) {
    List<Taking> all = new ArrayList<>();
    for (Counters counters : asked) {
      String key = counters.key();
      if (key != null) {
        counters.buckets().forEach(bucket -> all.add(new Taking(counters, bucket, key)));
      }
    }
    return all;
  }

  private long costOf(Counters counters) {
    int computed = request.cost();
    return computed == LimitedRequest.FIXED_COST ? counters.policy().terms().cost() : computed;
  }

  /** The limit that refuses for longest; null if all would admit. */
  private static @Nullable Refusing longest(List<Taking> takings) {
    Refusing longest = null;
    for (Taking taking : takings) {
      long answer = taking.peek();
      if (answer < 0 && (longest == null || -answer > longest.waitMicros)) {
        longest = taking.refusing(-answer);
      }
    }
    return longest;
  }

  private boolean enter(Counters counters) {
    int max = counters.policy().terms().maxConcurrent();
    if (max == 0) {
      return true;
    }
    Concurrency concurrency = counters.policy().concurrency();
    String key = Objects.requireNonNull(counters.key());
    boolean entered = concurrency.enter(key, max);
    if (entered) {
      leave.add(() -> concurrency.leave(key));
    }
    return entered;
  }

  /** When one of those under way ends nobody knows; a second is the least that can be said. */
  private static Refusing tooMany(Counters counters) {
    int max = counters.policy().terms().maxConcurrent();
    return new Refusing(counters, max + " concurrent", max, MICROS);
  }

  /** A request without a key is refused again later; its period is as good a time as any. */
  private static Refusing withoutKey(Counters counters) {
    Terms terms = counters.policy().terms();
    if (counters.buckets().isEmpty()) {
      return tooMany(counters);
    }
    Bucket first = counters.buckets().get(0);
    return new Refusing(
        counters, terms.limit(), first.capacity(), first.limiter().rule().periodMicros());
  }

  /** Notes a refusal; returns when the request can pass, in whole milliseconds, rounded up. */
  private Instant hit(Refusing refusing, boolean shadow) {
    Instant resetAt = Instant.ofEpochMilli(millisUp(nowMicros + refusing.waitMicros));
    String key = refusing.counters.key();
    hits.refused(
        new Refused(
            request.template(),
            request.method().name(),
            key == null ? "none" : key,
            refusing.limit,
            refusing.counters.tier(),
            shadow),
        resetAt);
    return resetAt;
  }

  private void takeInShadow(Counters counters) {
    List<Taking> takings = takings(List.of(counters));
    Refusing refusing = counters.key() == null ? withoutKey(counters) : longest(takings);
    if (refusing == null && !enter(counters)) {
      refusing = tooMany(counters);
    }
    if (refusing == null) {
      takings.forEach(Taking::charge);
    } else {
      hit(refusing, true);
    }
  }

  private static List<Standing> standings(List<Taking> takings) {
    return takings.stream().map(Taking::standing).toList();
  }

  private static long millisUp(long micros) {
    return (micros + 999) / 1000;
  }
}
