package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.HitSink.Refused;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.PolicyLimit.Tier;
import io.shield.model.OnMissingKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Charges one request to all its limits together, so that a refused request costs nothing and no
 * limit ever admits too much. It keeps others from all the counters while it asks and takes. Where
 * another request is in the way, or a counter is new, it asks all, takes from one after the other
 * in a fixed order, and gives back if another request was faster. Then the shadow policies count
 * what passed.
 */
final class Charging {
  private static final long SECOND_MICROS = 1_000_000;

  private final LimitedRequest request;
  private final HitSink hits;
  private final LimitClock clock;

  /** The counters of the enforced policies, as many as {@link #count}. */
  private final Taking[] takings;

  private int count;

  /** Of the enforced policies: those that limit how many are under way. */
  private List<Counters> concurrent = List.of();

  /** Of the enforced policies: the first that refuses because there is no key. */
  private @Nullable Counters keyless;

  private List<Counters> shadows = List.of();
  private @Nullable Held held;
  private long nowMicros;

  /** A limit that refuses, and for how long. */
  private record Refusing(
      @Nullable String key, @Nullable String tier, String limit, long capacity, long waitMicros) {
    static Refusing of(Taking taking, long waitMicros) {
      Bucket bucket = taking.bucket;
      return new Refusing(taking.key, bucket.tier(), bucket.text(), bucket.capacity(), waitMicros);
    }

    static Refusing of(Counters counters, String limit, long capacity, long waitMicros) {
      return new Refusing(counters.key(), counters.tier().name(), limit, capacity, waitMicros);
    }
  }

  Charging(LimitedRequest request, HitSink hits, LimitClock clock) {
    this.request = request;
    this.hits = hits;
    this.clock = clock;
    this.takings = new Taking[request.limits().mostTakings()];
    this.nowMicros = clock.ticked();
  }

  Charge charge() {
    // Keys first, so that an application's error in one of them leaves nothing half charged.
    CallerKeys keys = new CallerKeys(request.caller(), request.limits().templateKey());
    List<PolicyLimit> policies = request.limits().all();
    for (int i = 0; i < policies.size(); i++) {
      find(policies.get(i), keys);
    }
    if (count == 0 && concurrent.isEmpty() && keyless == null && shadows.isEmpty()) {
      return Charge.NOTHING;
    }
    try {
      return charged();
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  private void find(PolicyLimit policy, CallerKeys keys) {
    Tier tier = policy.tierOf(keys.caller);
    if (tier == null) {
      return;
    }
    Terms terms = policy.terms();
    String key = policy.keyOf(keys);
    if (key == null && terms.onMissingKey() == OnMissingKey.EXEMPT) {
      return;
    }
    if (terms.shadow()) {
      shadows = with(shadows, new Counters(policy, tier, key));
    } else if (key == null) {
      keyless = keyless == null ? new Counters(policy, tier, null) : keyless;
    } else {
      count = addTakings(takings, count, policy, tier, key);
      if (terms.maxConcurrent() > 0) {
        concurrent = with(concurrent, new Counters(policy, tier, key));
      }
    }
  }

  /** Most requests have none of them. */
  private static List<Counters> with(List<Counters> before, Counters added) {
    List<Counters> all = before.isEmpty() ? new ArrayList<>() : before;
    all.add(added);
    return all;
  }

  /** Returns how many there are then. */
  private int addTakings(Taking[] to, int before, PolicyLimit policy, Tier tier, String key) {
    int computed = request.cost();
    int cost = computed == LimitedRequest.FIXED_COST ? policy.terms().cost() : computed;
    List<Bucket> buckets = tier.buckets();
    for (int i = 0; i < buckets.size(); i++) {
      to[before + i] = new Taking(buckets.get(i), key, cost);
    }
    return before + buckets.size();
  }

  private Charge charged() {
    Refusing refusing = take();
    if (refusing != null && isLaterThanTicked()) {
      leave();
      refusing = take();
    }
    if (refusing == null) {
      shadows.forEach(this::takeInShadow);
      return new Charge(null, takings, count, nowMicros, held);
    }
    leave();
    Instant resetAt = hit(refusing, false);
    return new Charge(
        new Decision.RateLimited(refusing.limit, refusing.capacity, resetAt),
        takings,
        count,
        nowMicros,
        null);
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

  private @Nullable Refusing take() {
    if (keyless != null) {
      return withoutKey(keyless);
    }
    boolean together = count > 1 && concurrent.isEmpty();
    try {
      if (together && lockAll()) {
        return takeTogether();
      }
    } finally {
      unlockAll();
    }
    return takeOneByOne();
  }

  /** Nobody waits for a lock while holding another, so that none is waited for in vain. */
  private boolean lockAll() {
    boolean locked = takings[0].lock();
    for (int i = 1; i < count && locked; i++) {
      locked = takings[i].tryLock();
    }
    return locked;
  }

  private @Nullable Refusing takeTogether() {
    Refusing refusing = longest(takings, count);
    for (int i = 0; i < count && refusing == null; i++) {
      takings[i].take(nowMicros);
    }
    return refusing;
  }

  private void unlockAll() {
    for (int i = 0; i < count; i++) {
      takings[i].unlock();
    }
  }

  private @Nullable Refusing takeOneByOne() {
    // One that is asked alone answers when it is charged.
    Refusing asked = count == 1 ? null : longest(takings, count);
    if (asked != null) {
      return asked;
    }
    for (Counters counters : concurrent) {
      if (!enter(counters)) {
        return tooMany(counters);
      }
    }
    return chargeAll(takings, count);
  }

  private @Nullable Refusing chargeAll(Taking[] asked, int number) {
    for (int i = 0; i < number; i++) {
      long answer = asked[i].charge(nowMicros);
      if (answer < 0) {
        refund(asked, i);
        Refusing lost = Refusing.of(asked[i], -answer);
        Refusing longest = longest(asked, number);
        return longest == null || longest.waitMicros < lost.waitMicros ? lost : longest;
      }
    }
    return null;
  }

  private void refund(Taking[] charged, int number) {
    for (int i = 0; i < number; i++) {
      charged[i].refund(nowMicros);
    }
  }

  /** The limit that refuses for longest; null if all would admit. */
  private @Nullable Refusing longest(Taking[] asked, int number) {
    Refusing longest = null;
    for (int i = 0; i < number; i++) {
      long answer = asked[i].peek(nowMicros);
      if (answer < 0 && (longest == null || -answer > longest.waitMicros)) {
        longest = Refusing.of(asked[i], -answer);
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
    return Refusing.of(counters, max + " concurrent", max, SECOND_MICROS);
  }

  /** A request without a key is refused again later; its period is as good a time as any. */
  private static Refusing withoutKey(Counters counters) {
    List<Bucket> buckets = counters.tier().buckets();
    if (buckets.isEmpty()) {
      return tooMany(counters);
    }
    Bucket first = buckets.get(0);
    long period = first.limiter().rule().periodMicros();
    return Refusing.of(counters, first.text(), first.capacity(), period);
  }

  /** Notes a refusal; returns when the request can pass, in whole milliseconds, rounded up. */
  private Instant hit(Refusing refusing, boolean shadow) {
    Instant resetAt = Instant.ofEpochMilli(Taking.millisUp(nowMicros + refusing.waitMicros));
    hits.refused(
        new Refused(
            request.template(),
            request.method().name(),
            refusing.key == null ? "none" : refusing.key,
            refusing.limit,
            refusing.tier,
            shadow),
        resetAt);
    return resetAt;
  }

  private void takeInShadow(Counters counters) {
    Refusing refusing = refusingInShadow(counters);
    if (refusing != null && isLaterThanTicked()) {
      refusing = refusingInShadow(counters);
    }
    if (refusing != null) {
      hit(refusing, true);
    }
  }

  private @Nullable Refusing refusingInShadow(Counters counters) {
    String key = counters.key();
    if (key == null) {
      return withoutKey(counters);
    }
    Taking[] asked = new Taking[counters.tier().buckets().size()];
    addTakings(asked, 0, counters.policy(), counters.tier(), key);
    Refusing longest = longest(asked, asked.length);
    Refusing refusing = longest == null ? chargeAll(asked, asked.length) : longest;
    if (refusing == null && !enter(counters)) {
      refund(asked, asked.length);
      refusing = tooMany(counters);
    }
    return refusing;
  }
}
