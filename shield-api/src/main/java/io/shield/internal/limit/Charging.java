package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.PolicyLimit.Tier;
import io.shield.internal.limit.RateLimiting.HitSink.Refused;
import io.shield.internal.limit.counter.ConcurrencyLimit;
import io.shield.internal.limit.counter.ConcurrencyLimit.Permit;
import io.shield.internal.limit.key.LimitKeys;
import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.KeyStrategy;
import io.shield.model.OnMissingKey;
import io.shield.model.RateLimitPolicy.LimitScope;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its counters: finds the policies it is charged to and their counters,
 * holds its permits, and tells what became of it, which it is itself then. How counters are charged
 * its two kinds say. Used by one thread at a time.
 */
abstract class Charging extends Charge {
  static final long SECOND_MICROS = 1_000_000;

  final RateLimiting limiting;

  /** A limit that refuses, and for how long. */
  record Refusing(
      @Nullable String key,
      LimitScope scope,
      @Nullable String tier,
      String limit,
      long capacity,
      long waitMicros) {
    static Refusing of(Bucket bucket, String key, long waitMicros) {
      return new Refusing(
          key, bucket.scope(), bucket.tier(), bucket.text(), bucket.capacity(), waitMicros);
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

  Charging(LimitedRequest request, RateLimiting limiting) {
    super(request, limiting.clock().ticked());
    this.limiting = limiting;
  }

  final LimitClock clock() {
    return limiting.clock();
  }

  /** How many of the limits are of policies in force. */
  final int enforced() {
    return unusual == null ? buckets.length : unusual.enforced;
  }

  /** What limits how many are under way, refuses nothing, or finds no key. */
  final List<Counters> others() {
    return unusual == null ? List.of() : unusual.counters;
  }

  /** Of the policies in force: the first that refuses because there is no key. */
  final @Nullable Counters keyless() {
    return unusual == null ? null : unusual.keyless;
  }

  /** Finds what the request is charged to; false if that is nothing. */
  final boolean isCharged() {
    RouteLimits limits = request.limits();
    boolean alike = earlier() == null && request.passed() == null && isAllCounted();
    Bucket[] plain = alike ? limits.plain() : null;
    String common = plain == null ? null : LimitKeys.of(limits.strategy(), request);
    if (plain == null || common == null) {
      return isAnyFound();
    }
    buckets = plain;
    key = common;
    return true;
  }

  private boolean isAnyFound() {
    RouteLimits limits = request.limits();
    Unusual found = new Unusual(limits.mostBuckets(), request.passed());
    unusual = found;
    buckets = new Bucket[limits.mostBuckets()];
    // Keys first, so that an application's error in one of them leaves nothing half charged.
    Finding finding = new Finding(limits, found, request);
    Charge earlier = earlier();
    for (PolicyLimit policy : limits.all()) {
      if (earlier == null || !earlier.counts(policy)) {
        finding.find(policy);
      }
    }
    found.enforced = finding.count;
    for (Counters counters : found.counters) {
      String ofShadow = counters.policy().terms().shadow() ? counters.key() : null;
      if (ofShadow != null) {
        finding.add(counters.tier(), ofShadow);
      }
    }
    buckets = Arrays.copyOf(buckets, finding.count);
    return found.enforced > 0 || !found.counters.isEmpty() || found.blocked != null;
  }

  /** Finds the counters of a request policy by policy. */
  private final class Finding {
    private final RouteLimits limits;
    private final Unusual found;
    private final LimitCaller caller;
    private int count;
    private @Nullable KeyStrategy made;
    private @Nullable String callerKey;

    Finding(RouteLimits limits, Unusual found, LimitCaller caller) {
      this.limits = limits;
      this.found = found;
      this.caller = caller;
    }

    void find(PolicyLimit policy) {
      Tier tier = policy.tierOf(caller);
      if (tier == null) {
        return;
      }
      Terms terms = policy.terms();
      String key = keyOf(policy);
      if (key == null && terms.onMissingKey() == OnMissingKey.EXEMPT) {
        return;
      }
      Counters counters = new Counters(policy, tier, key, caller);
      if (terms.shadow()) {
        found.counters.add(counters);
      } else if (key == null) {
        found.counters.add(counters);
        found.keyless = found.keyless == null ? counters : found.keyless;
      } else {
        if (isCounted(counters)) {
          add(tier, key);
        }
        if (terms.maxConcurrent() > 0) {
          found.counters.add(counters);
        }
      }
    }

    void add(Tier tier, String key) {
      for (Bucket bucket : tier.buckets()) {
        buckets[count] = bucket;
        found.keys[count] = key;
        count++;
      }
    }

    /** The counter's name, or null if the caller has none. */
    private @Nullable String keyOf(PolicyLimit policy) {
      KeyStrategy strategy = policy.terms().keyStrategy();
      if (strategy == KeyStrategy.GLOBAL) {
        String own = policy.routeKey();
        return own == null ? limits.templateKey() : own;
      }
      Passed of = strategy == KeyStrategy.CUSTOM ? Passed.of(found.passed, policy.key()) : null;
      String own = of == null ? callerKey(strategy) : LimitKeys.ofCustom(of.customKey());
      return own == null && policy.terms().onMissingKey() == OnMissingKey.FALLBACK_IP
          ? caller.addressKey()
          : own;
    }

    /** Policies of a route mostly count by the same key: it is made once. */
    private @Nullable String callerKey(KeyStrategy strategy) {
      if (strategy != made) {
        callerKey = LimitKeys.of(strategy, caller);
        made = strategy;
      }
      return callerKey;
    }
  }

  /** Whether the limits of all policies in force are asked. */
  boolean isAllCounted() {
    return true;
  }

  /** Whether the limits of a policy in force are asked. */
  boolean isCounted(Counters counters) {
    return true;
  }

  /** A refusal was told already; who sends the request on after that wants it answered. */
  final Charge nothing() {
    Charge earlier = earlier();
    return earlier == null || earlier.refusal() != null ? this : earlier;
  }

  /** Tells what became of the request. */
  final Charge concluded(@Nullable Refusing refusing) {
    if (refusing == null && unusual != null) {
      long askedAt = nowMicros;
      takeInShadow();
      nowMicros = askedAt;
    } else if (refusing != null) {
      leave();
      refusal = refused(refusing);
    }
    return this;
  }

  /** Lets the shadow policies count what passed. */
  abstract void takeInShadow();

  private Decision.RateLimited refused(Refusing refusing) {
    Charge earlier = earlier();
    if (earlier != null) {
      earlier.giveBack();
    }
    return new Decision.RateLimited(
        refusing.scope, refusing.limit, refusing.capacity, hit(refusing, false));
  }

  final void leave() {
    Unusual found = unusual;
    Permit held = held();
    if (found != null && held != null) {
      held.release();
      found.held = null;
    }
  }

  final @Nullable Refusing enterAll() {
    for (Counters counters : others()) {
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
    Permit held = held();
    Permit holder = held == null ? new Permit(counters.caller()::isOver) : held;
    boolean entered = concurrency.enter(key, max, holder);
    if (entered) {
      Objects.requireNonNull(unusual).held = holder;
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
    long passes = nowMicros + clock().wallOffset() + refusing.waitMicros;
    Instant resetAt = Instant.ofEpochMilli(millisUp(passes));
    limiting
        .hits()
        .refused(
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
