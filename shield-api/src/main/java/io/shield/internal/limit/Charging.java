package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.HitSink.Refused;
import io.shield.internal.limit.PolicyLimit.Counters;
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
  private static final long SECOND_MICROS = 1_000_000;

  private final LimitedRequest request;
  private final HitSink hits;
  private final LimitClock clock;
  private final List<Counters> enforced = new ArrayList<>(4);
  private @Nullable List<Counters> shadows;
  private @Nullable Held held;
  private long nowMicros;

  /** A limit that refuses, and for how long. */
  private record Refusing(Counters counters, String limit, long capacity, long waitMicros) {
    static Refusing of(Taking taking, long waitMicros) {
      Bucket bucket = taking.bucket;
      return new Refusing(taking.counters, bucket.text(), bucket.capacity(), waitMicros);
    }
  }

  Charging(LimitedRequest request, HitSink hits, LimitClock clock) {
    this.request = request;
    this.hits = hits;
    this.clock = clock;
    this.nowMicros = clock.ticked();
  }

  Charge charge() {
    // Keys first, so that an application's error in one of them leaves nothing half charged.
    findCounters();
    if (enforced.isEmpty() && shadows == null) {
      return Charge.NOTHING;
    }
    try {
      return charged();
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  private void findCounters() {
    CallerKeys keys = new CallerKeys(request.caller(), request.template());
    List<PolicyLimit> policies = request.limits().all();
    for (int i = 0; i < policies.size(); i++) {
      PolicyLimit policy = policies.get(i);
      Counters counters = policy.counters(keys);
      if (counters == null) {
        continue;
      }
      if (!policy.terms().shadow()) {
        enforced.add(counters);
      } else {
        shadows = shadows == null ? new ArrayList<>() : shadows;
        shadows.add(counters);
      }
    }
  }

  private Charge charged() {
    List<Taking> takings = takings(enforced);
    Refusing refusing = take(takings);
    if (refusing != null && isLaterThanTicked()) {
      leave();
      refusing = take(takings);
    }
    if (refusing == null) {
      if (shadows != null) {
        shadows.forEach(this::takeInShadow);
      }
      return new Charge(null, takings, held);
    }
    leave();
    Instant resetAt = hit(refusing, false);
    return new Charge(
        new Decision.RateLimited(refusing.limit, refusing.capacity, resetAt), takings, null);
  }

  /** The tick may be some milliseconds old, and nobody is to be refused for that. */
  private boolean isLaterThanTicked() {
    long ticked = nowMicros;
    nowMicros = Math.max(ticked, clock.exact());
    return nowMicros > ticked;
  }

  private void leave() {
    if (held != null) {
      held.release();
      held = null;
    }
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
    return charge(takings);
  }

  private @Nullable Refusing charge(List<Taking> takings) {
    for (int i = 0; i < takings.size(); i++) {
      long answer = takings.get(i).charge(nowMicros);
      if (answer < 0) {
        takings.subList(0, i).forEach(Taking::refund);
        Refusing lost = Refusing.of(takings.get(i), -answer);
        Refusing longest = longest(takings);
        return longest == null || longest.waitMicros < lost.waitMicros ? lost : longest;
      }
    }
    return null;
  }

  private List<Taking> takings(List<Counters> asked) {
    List<Taking> all = new ArrayList<>(asked.size());
    for (Counters counters : asked) {
      String key = counters.key();
      if (key != null) {
        long cost = costOf(counters);
        for (Bucket bucket : counters.buckets()) {
          all.add(new Taking(counters, bucket, key, cost));
        }
      }
    }
    return all;
  }

  private long costOf(Counters counters) {
    int computed = request.cost();
    return computed == LimitedRequest.FIXED_COST ? counters.policy().terms().cost() : computed;
  }

  /** The limit that refuses for longest; null if all would admit. */
  private @Nullable Refusing longest(List<Taking> takings) {
    Refusing longest = null;
    for (int i = 0; i < takings.size(); i++) {
      long answer = takings.get(i).peek(nowMicros);
      if (answer < 0 && (longest == null || -answer > longest.waitMicros)) {
        longest = Refusing.of(takings.get(i), -answer);
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
    Held holder = held == null ? new Held(request.caller()) : held;
    boolean entered = concurrency.enter(key, max, holder);
    if (entered) {
      held = holder;
      holder.add(() -> concurrency.leave(key, holder));
    }
    return entered;
  }

  /** When one of those under way ends nobody knows; a second is the least that can be said. */
  private static Refusing tooMany(Counters counters) {
    int max = counters.policy().terms().maxConcurrent();
    return new Refusing(counters, max + " concurrent", max, SECOND_MICROS);
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
    Instant resetAt = Instant.ofEpochMilli(Taking.millisUp(nowMicros + refusing.waitMicros));
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
      takings.forEach(taking -> taking.charge(nowMicros));
    } else {
      hit(refusing, true);
    }
  }
}
