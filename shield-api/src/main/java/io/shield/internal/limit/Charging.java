package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.PolicyLimit.Tier;
import io.shield.internal.limit.RateLimiting.HitSink;
import io.shield.internal.limit.RateLimiting.HitSink.Refused;
import io.shield.internal.limit.counter.ConcurrencyLimit;
import io.shield.internal.limit.counter.ConcurrencyLimit.Permit;
import io.shield.internal.limit.key.LimitKeys;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.KeyStrategy;
import io.shield.model.OnMissingKey;
import io.shield.model.RateLimitPolicy.LimitScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its counters: finds the policies it is charged to and their counters,
 * holds its permits, and tells what became of it. How counters are charged its two kinds say. Used
 * by one thread at a time.
 */
abstract class Charging {
  static final long SECOND_MICROS = 1_000_000;

  final LimitedRequest request;
  final HitSink hits;
  final LimitClock clock;

  /** The counters of the policies in force, as many as {@link #enforced}, then of shadow ones. */
  final Reservation[] reservations;

  int enforced;
  int count;

  /** Policies that limit how many are under way, shadow ones, and those that find no key. */
  List<Counters> others = List.of();

  /** Of the policies in force: whether one limits how many are under way. */
  boolean concurrent;

  /** Of the policies in force: the first that refuses because there is no key. */
  @Nullable Counters keyless;

  long nowMicros;
  private @Nullable Permit held;
  private @Nullable KeyStrategy made;
  private @Nullable String callerKey;

  /** A limit that refuses, and for how long. */
  record Refusing(
      @Nullable String key,
      LimitScope scope,
      @Nullable String tier,
      String limit,
      long capacity,
      long waitMicros) {
    static Refusing of(Reservation taking, long waitMicros) {
      Bucket bucket = taking.bucket;
      return new Refusing(
          taking.key, bucket.scope(), bucket.tier(), bucket.text(), bucket.capacity(), waitMicros);
    }

    static Refusing of(Counters counters, String limit, long capacity, long waitMicros) {
      return new Refusing(
          counters.key(),
          counters.policy().scope(),
          counters.tier().name(),
          limit,
          capacity,
          waitMicros);
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
  final boolean lacksKey() {
    return keyless != null;
  }

  /** Finds what the request is charged to; false if that is nothing. */
  final boolean isCharged() {
    // Keys first, so that an application's error in one of them leaves nothing half charged.
    List<PolicyLimit> policies = request.limits().all();
    Charge earlier = request.earlier();
    for (int i = 0; i < policies.size(); i++) {
      PolicyLimit policy = policies.get(i);
      if (earlier == null || !earlier.counts(policy)) {
        find(policy);
      }
    }
    return enforced > 0 || !others.isEmpty();
  }

  /** A refusal was told already; who sends the request on after that wants it answered. */
  final Charge nothing() {
    Charge earlier = request.earlier();
    if (earlier == null) {
      return Charge.NOTHING;
    }
    return earlier.refusal() == null
        ? earlier
        : new Charge(null, new Reservation[0], others, nowMicros, null, earlier);
  }

  private void find(PolicyLimit policy) {
    Tier tier = policy.tierOf(request.caller());
    if (tier == null) {
      return;
    }
    Terms terms = policy.terms();
    String key = keyOf(policy);
    if (key == null && terms.onMissingKey() == OnMissingKey.EXEMPT) {
      return;
    }
    if (terms.shadow()) {
      addOther(policy, tier, key);
    } else if (key == null) {
      Counters without = addOther(policy, tier, null);
      keyless = keyless == null ? without : keyless;
    } else {
      if (isCounted(policy, tier, key)) {
        reserve(policy, tier, key);
      }
      enforced = count;
      if (terms.maxConcurrent() > 0) {
        addOther(policy, tier, key);
        concurrent = true;
      }
    }
  }

  /** The counter's name, or null if the caller has none. */
  private @Nullable String keyOf(PolicyLimit policy) {
    KeyStrategy strategy = policy.terms().keyStrategy();
    if (strategy == KeyStrategy.GLOBAL) {
      String own = policy.routeKey();
      return own == null ? request.limits().templateKey() : own;
    }
    // Policies of a route mostly count by the same key: it is made once.
    if (strategy != made) {
      callerKey = LimitKeys.of(strategy, request.caller());
      made = strategy;
    }
    return callerKey == null && policy.terms().onMissingKey() == OnMissingKey.FALLBACK_IP
        ? request.caller().addressKey()
        : callerKey;
  }

  /** Whether the counters of a policy in force are charged. */
  boolean isCounted(PolicyLimit policy, Tier tier, String key) {
    return true;
  }

  /** Most requests have none of them. */
  private Counters addOther(PolicyLimit policy, Tier tier, @Nullable String key) {
    Counters counters = new Counters(policy, tier, key);
    others = others.isEmpty() ? new ArrayList<>() : others;
    others.add(counters);
    return counters;
  }

  /** One counter to be charged. */
  abstract Reservation reservation(Bucket bucket, PolicyLimit policy, String key, int cost);

  final void reserve(PolicyLimit policy, Tier tier, String key) {
    int computed = request.cost();
    int cost = computed == LimitedRequest.FIXED_COST ? policy.terms().cost() : computed;
    List<Bucket> buckets = tier.buckets();
    for (int i = 0; i < buckets.size(); i++) {
      reservations[count++] = reservation(buckets.get(i), policy, key, cost);
    }
  }

  /** Tells what became of the request. */
  final Charge concluded(@Nullable Refusing refusing) {
    long chargedAt = nowMicros;
    Decision.RateLimited refusal = null;
    if (refusing == null) {
      takeInShadow();
    } else {
      leave();
      refusal = refused(refusing);
    }
    return new Charge(refusal, reservations, others, chargedAt, held, request.earlier());
  }

  /** Lets the shadow policies count what passed. */
  abstract void takeInShadow();

  private Decision.RateLimited refused(Refusing refusing) {
    Charge earlier = request.earlier();
    if (earlier != null) {
      earlier.giveBack();
    }
    return new Decision.RateLimited(
        refusing.scope, refusing.limit, refusing.capacity, hit(refusing, false));
  }

  final void leave() {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  final @Nullable Refusing enterAll() {
    for (int i = 0; concurrent && i < others.size(); i++) {
      Counters counters = others.get(i);
      if (!counters.policy().terms().shadow() && !enter(counters)) {
        return tooMany(counters);
      }
    }
    return null;
  }

  final boolean enter(Counters counters) {
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
  static Refusing tooMany(Counters counters) {
    int max = counters.policy().terms().maxConcurrent();
    return Refusing.of(counters, max + " concurrent", max, SECOND_MICROS);
  }

  /** A request without a key is refused again later; its period is as good a time as any. */
  static Refusing withoutKey(Counters counters) {
    List<Bucket> buckets = counters.tier().buckets();
    if (buckets.isEmpty()) {
      return tooMany(counters);
    }
    Bucket first = buckets.get(0);
    long period = first.limiter().rule().periodMicros();
    return Refusing.of(counters, first.text(), first.capacity(), period);
  }

  /** Notes a refusal; returns when the request can pass, in whole milliseconds, rounded up. */
  final Instant hit(Refusing refusing, boolean shadow) {
    long passes = nowMicros + clock.wallOffset() + refusing.waitMicros;
    Instant resetAt = Instant.ofEpochMilli(Reservation.millisUp(passes));
    hits.refused(
        new Refused(
            request.template(),
            request.method().name(),
            refusing.key == null ? "none" : refusing.key,
            refusing.limit,
            refusing.tier,
            shadow,
            refusing.scope),
        resetAt);
    return resetAt;
  }
}
