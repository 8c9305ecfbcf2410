package io.shield.internal.limit;

import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.PolicyLimit.Tier;
import io.shield.internal.limit.RateLimiting.HitSink;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.OnStoreFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Charges a request to counters of this process, all together, so that a refused request costs
 * nothing and no limit ever admits too much. It keeps others from all the counters while it asks
 * and takes. Where another request is in the way, or a counter is new, it asks all, takes from one
 * after the other in a fixed order, and gives back if another request was faster. Then the shadow
 * policies count what passed.
 */
final class LocalCharging extends Charging {
  /** Whether a store should have counted and did not answer: policies say what then. */
  private final boolean storeFailed;

  /** The first policy that refuses because the store did not answer. */
  private @Nullable Counters blocked;

  LocalCharging(LimitedRequest request, HitSink hits, LimitClock clock, boolean storeFailed) {
    super(request, hits, clock);
    this.storeFailed = storeFailed;
  }

  Charge charge() {
    if (!isCharged() && blocked == null) {
      return nothing();
    }
    try {
      return charged();
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  @Override
  Reservation reservation(Bucket bucket, PolicyLimit policy, String key, int cost) {
    return new Reservation(bucket, key, cost);
  }

  @Override
  boolean isCounted(PolicyLimit policy, Tier tier, String key) {
    OnStoreFailure then = policy.terms().onStoreFailure();
    if (storeFailed && then == OnStoreFailure.BLOCK && blocked == null) {
      blocked = new Counters(policy, tier, key);
    }
    return !storeFailed || then == OnStoreFailure.LOCAL;
  }

  private Charge charged() {
    Refusing refusing = take();
    if (refusing != null && isLaterThanTicked()) {
      leave();
      refusing = take();
    }
    return concluded(refusing);
  }

  /** The tick may be some milliseconds old, and nobody is to be refused for that. */
  private boolean isLaterThanTicked() {
    long ticked = nowMicros;
    nowMicros = Math.max(ticked, clock.exact());
    return nowMicros > ticked;
  }

  private @Nullable Refusing take() {
    if (keyless != null) {
      return withoutKey(keyless);
    }
    if (blocked != null) {
      return unanswered(blocked);
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

  /** When the store answers again nobody knows; a second is as good as any. */
  private static Refusing unanswered(Counters counters) {
    List<Bucket> buckets = counters.tier().buckets();
    return buckets.isEmpty()
        ? tooMany(counters)
        : Refusing.of(counters, buckets.get(0).text(), buckets.get(0).capacity(), SECOND_MICROS);
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
    Refusing crowded = enterAll();
    return crowded == null ? chargeAll(0, enforced) : crowded;
  }

  private @Nullable Refusing chargeAll(int from, int to) {
    for (int i = from; i < to; i++) {
      long answer = reservations[i].charge(nowMicros);
      if (answer < 0) {
        giveBack(from, i);
        Refusing lost = Refusing.of(reservations[i], -answer);
        Refusing longest = longest(from, to);
        return longest == null || longest.waitMicros() < lost.waitMicros() ? lost : longest;
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
      if (answer < 0 && (longest == null || -answer > longest.waitMicros())) {
        longest = Refusing.of(reservations[i], -answer);
      }
    }
    return longest;
  }

  @Override
  void takeInShadow() {
    for (int i = 0; i < others.size(); i++) {
      Counters counters = others.get(i);
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
