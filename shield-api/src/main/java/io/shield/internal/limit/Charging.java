package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.HitSink.Refused;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.PolicyLimit.Tier;
import io.shield.internal.limit.counter.ConcurrencyLimit;
import io.shield.internal.limit.counter.Permit;
import io.shield.internal.limit.time.LimitClock;
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

  /** The counters of the policies in force, as many as {@link #enforced}, then of shadow ones. */
  private final Reservation[] reservations;

  private int enforced;
  private int count;

  /** Policies that limit how many are under way, shadow ones, and those that find no key. */
  private List<Counters> others = List.of();

  /** Of the policies in force: whether one limits how many are under way. */
  private boolean concurrent;

  /** Of the policies in force: the first that refuses because there is no key. */
  private @Nullable Counters keyless;

  private @Nullable Permit held;
  private long nowMicros;

  /** A limit that refuses, and for how long. */
  private record Refusing(
      @Nullable String key, @Nullable String tier, String limit, long capacity, long waitMicros) {
    static Refusing of(Reservation taking, long waitMicros) {
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
    this.reservations = new Reservation[request.limits().mostReservations()];
    this.nowMicros = clock.ticked();
  }

  /** Whether the request is refused because it has no key. */
  boolean lacksKey() {
    return keyless != null;
  }

  Charge charge() {
    // Keys first, so that an application's error in one of them leaves nothing half charged.
    CallerKeys keys = new CallerKeys(request.caller(), request.limits().templateKey());
    List<PolicyLimit> policies = request.limits().all();
    Charge earlier = request.earlier();
    for (int i = 0; i < policies.size(); i++) {
      PolicyLimit policy = policies.get(i);
      if (earlier == null || !earlier.counts(policy)) {
        find(policy, keys);
      }
    }
    if (enforced == 0 && others.isEmpty()) {
      return nothing(earlier);
    }
    try {
      return charged();
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  /** A refusal was told already; who sends the request on after that wants it answered. */
  private Charge nothing(@Nullable Charge earlier) {
    if (earlier == null) {
      return Charge.NOTHING;
    }
    return earlier.refusal() == null
        ? earlier
        : new Charge(null, reservations, 0, 0, others, clock, nowMicros, null, earlier);
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
      addOther(policy, tier, key);
    } else if (key == null) {
      Counters without = addOther(policy, tier, null);
      keyless = keyless == null ? without : keyless;
    } else {
      reserve(policy, tier, key);
      enforced = count;
      if (terms.maxConcurrent() > 0) {
        addOther(policy, tier, key);
        concurrent = true;
      }
    }
  }

  /** Most requests have none of them. */
  private Counters addOther(PolicyLimit policy, Tier tier, @Nullable String key) {
    Counters counters = new Counters(policy, tier, key);
    others = others.isEmpty() ? new ArrayList<>() : others;
    others.add(counters);
    return counters;
  }

  private void reserve(PolicyLimit policy, Tier tier, String key) {
    int computed = request.cost();
    int cost = computed == LimitedRequest.FIXED_COST ? policy.terms().cost() : computed;
    List<Bucket> buckets = tier.buckets();
    for (int i = 0; i < buckets.size(); i++) {
      reservations[count++] = new Reservation(buckets.get(i), key, cost);
    }
  }

  private Charge charged() {
    Refusing refusing = take();
    if (refusing != null && isLaterThanTicked()) {
      leave();
      refusing = take();
    }
    long chargedAt = nowMicros;
    Decision.RateLimited refusal = null;
    if (refusing == null) {
      takeInShadow();
    } else {
      leave();
      refusal = refused(refusing);
    }
    return new Charge(
        refusal, reservations, enforced, count, others, clock, chargedAt, held, request.earlier());
  }

  private Decision.RateLimited refused(Refusing refusing) {
    Charge earlier = request.earlier();
    if (earlier != null) {
      earlier.giveBack();
    }
    return new Decision.RateLimited(refusing.limit, refusing.capacity, hit(refusing, false));
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
    boolean together = enforced > 1 && !concurrent;
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
    boolean locked = reservations[0].lock();
    for (int i = 1; i < enforced && locked; i++) {
      locked = reservations[i].tryLock();
    }
    return locked;
  }

  private @Nullable Refusing takeTogether() {
    Refusing refusing = longest(0, enforced);
    for (int i = 0; i < enforced && refusing == null; i++) {
      reservations[i].take(nowMicros);
    }
    return refusing;
  }

  private void unlockAll() {
    for (int i = 0; i < enforced; i++) {
      reservations[i].unlock();
    }
  }

  private @Nullable Refusing takeOneByOne() {
    // One that is asked alone answers when it is charged.
    Refusing asked = enforced == 1 ? null : longest(0, enforced);
    if (asked != null) {
      return asked;
    }
    for (Counters counters : others) {
      if (!counters.policy().terms().shadow() && !enter(counters)) {
        return tooMany(counters);
      }
    }
    return chargeAll(0, enforced);
  }

  private @Nullable Refusing chargeAll(int from, int to) {
    for (int i = from; i < to; i++) {
      long answer = reservations[i].charge(nowMicros);
      if (answer < 0) {
        giveBack(from, i);
        Refusing lost = Refusing.of(reservations[i], -answer);
        Refusing longest = longest(from, to);
        return longest == null || longest.waitMicros < lost.waitMicros ? lost : longest;
      }
    }
    return null;
  }

  private void giveBack(int from, int to) {
    for (int i = from; i < to; i++) {
      reservations[i].giveBack(nowMicros);
    }
  }

  /** The limit that refuses for longest; null if all would admit. */
  private @Nullable Refusing longest(int from, int to) {
    Refusing longest = null;
    for (int i = from; i < to; i++) {
      long answer = reservations[i].peek(nowMicros);
      if (answer < 0 && (longest == null || -answer > longest.waitMicros)) {
        longest = Refusing.of(reservations[i], -answer);
      }
    }
    return longest;
  }

  private boolean enter(Counters counters) {
    int max = counters.policy().terms().maxConcurrent();
    if (max == 0) {
      return true;
    }
    ConcurrencyLimit concurrency = counters.policy().concurrency();
    String key = Objects.requireNonNull(counters.key());
    Permit holder = held == null ? new Permit(request.caller()::isOver) : held;
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
    long passes = nowMicros + clock.wallOffset() + refusing.waitMicros;
    Instant resetAt = Instant.ofEpochMilli(Reservation.millisUp(passes));
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

  private void takeInShadow() {
    for (Counters counters : others) {
      if (counters.policy().terms().shadow()) {
        takeInShadow(counters);
      }
    }
  }

  private void takeInShadow(Counters counters) {
    String key = counters.key();
    int from = count;
    if (key != null) {
      reserve(counters.policy(), counters.tier(), key);
    }
    Refusing refusing = refusingInShadow(counters, from);
    if (refusing != null && isLaterThanTicked()) {
      refusing = refusingInShadow(counters, from);
    }
    if (refusing != null) {
      hit(refusing, true);
    }
  }

  private @Nullable Refusing refusingInShadow(Counters counters, int from) {
    if (counters.key() == null) {
      return withoutKey(counters);
    }
    Refusing longest = longest(from, count);
    Refusing refusing = longest == null ? chargeAll(from, count) : longest;
    if (refusing == null && !enter(counters)) {
      giveBack(from, count);
      refusing = tooMany(counters);
    }
    return refusing;
  }
}
