package io.shield.internal.limit;

import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.counter.Counter;
import io.shield.internal.limit.counter.Limiter;
import io.shield.model.OnStoreFailure;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Charges a request to counters of this process, all together, so that a refused request costs
 * nothing and no limit ever admits too much. It keeps others from all the counters while it asks
 * and takes. Where another request is in the way, or a counter is new, it asks all, takes from one
 * after the other in a fixed order, and gives back if another request was faster. Then the shadow
 * policies count what passed.
 */
final class LocalCharging extends Charging {
  private static final long[] NONE = {};

  /** Whether a store should have counted and did not answer: policies say what then. */
  private final boolean storeFailed;

  /**
   * What each limit answered: one more than what remained where something was taken, the negative
   * wait where it refuses, else 0.
   */
  private long[] answers = NONE;

  /** What became of a request that asked all limits together. */
  private enum Together {
    TAKEN,
    REFUSED,
    /** Another request was in the way, or a counter is new. */
    UNDECIDED
  }

  LocalCharging(LimitedRequest request, RateLimiting limiting, boolean storeFailed) {
    super(request, limiting);
    this.storeFailed = storeFailed;
  }

  Charge charge() {
    if (!isCharged()) {
      return nothing();
    }
    answers = new long[buckets.length];
    try {
      return charged();
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  @Override
  boolean isAllCounted() {
    return !storeFailed;
  }

  @Override
  boolean isCounted(Counters counters) {
    OnStoreFailure then = counters.policy().terms().onStoreFailure();
    Unusual found = Objects.requireNonNull(unusual);
    if (storeFailed && then == OnStoreFailure.BLOCK && found.blocked == null) {
      found.blocked = counters;
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
    nowMicros = Math.max(ticked, clock().exact());
    return nowMicros > ticked;
  }

  private @Nullable Refusing take() {
    if (unusual != null && unusual.keyless != null) {
      return withoutKey(unusual.keyless);
    }
    if (unusual != null && unusual.blocked != null) {
      return unanswered(unusual.blocked);
    }
    Together became =
        enforced() > 1 && !isConcurrent() ? takeFrom(0, enforced(), false) : Together.UNDECIDED;
    return switch (became) {
      case TAKEN -> null;
      case REFUSED -> longest(0, enforced());
      case UNDECIDED -> takeOneByOne();
    };
  }

  private boolean isConcurrent() {
    for (Counters counters : others()) {
      if (counters.policy().terms().maxConcurrent() > 0 && !counters.policy().terms().shadow()) {
        return true;
      }
    }
    return false;
  }

  /** When the store answers again nobody knows; a second is as good as any. */
  private static Refusing unanswered(Counters counters) {
    List<Bucket> buckets = counters.tier().buckets();
    return buckets.isEmpty()
        ? tooMany(counters)
        : Refusing.of(counters, buckets.get(0).text(), buckets.get(0).capacity(), SECOND_MICROS);
  }

  /**
   * Asks a limit and all behind it, and takes from them if none of all refuses, while it keeps
   * others from their counters. Nobody waits for a lock while holding another, so that none is
   * waited for in vain.
   *
   * @param refused whether one before it refuses
   */
  private Together takeFrom(int i, int end, boolean refused) {
    Limiter limiter = buckets[i].limiter();
    Counter counter = i == 0 ? limiter.lock(key(i)) : limiter.tryLock(key(i));
    if (counter == null) {
      return Together.UNDECIDED;
    }
    try {
      int cost = cost(i);
      long answer = limiter.peek(counter, cost, nowMicros);
      boolean any = refused || answer < 0;
      Together became =
          i + 1 < end ? takeFrom(i + 1, end, any) : any ? Together.REFUSED : Together.TAKEN;
      if (became == Together.TAKEN) {
        limiter.take(counter, cost, nowMicros);
      }
      answers[i] = became == Together.TAKEN ? answer + 1 : Math.min(0, answer);
      return became;
    } finally {
      counter.unlock();
    }
  }

  private @Nullable Refusing takeOneByOne() {
    // One that is asked alone answers when it is charged.
    Refusing asked = enforced() == 1 ? null : askAll(0, enforced());
    if (asked != null) {
      return asked;
    }
    Refusing crowded = enterAll();
    return crowded == null ? chargeAll(0, enforced()) : crowded;
  }

  private @Nullable Refusing chargeAll(int from, int to) {
    for (int i = from; i < to; i++) {
      long answer = buckets[i].limiter().charge(key(i), cost(i), nowMicros);
      answers[i] = answer < 0 ? answer : answer + 1;
      if (answer < 0) {
        giveBack(from, i);
        Refusing longest = askAll(from, to);
        return longest == null || longest.waitMicros() < -answer
            ? Refusing.of(buckets[i], key(i), -answer)
            : longest;
      }
    }
    return null;
  }

  private void giveBack(int from, int to) {
    for (int i = from; i < to; i++) {
      giveBack(i);
    }
  }

  @Override
  void giveBack(int limit) {
    if (answers[limit] > 0) {
      buckets[limit].limiter().refund(key(limit), cost(limit), nowMicros);
      answers[limit] = 0;
    }
  }

  /** The limit that refuses for longest; null if all would admit. */
  private @Nullable Refusing askAll(int from, int to) {
    for (int i = from; i < to; i++) {
      long answer = buckets[i].limiter().peek(key(i), cost(i), nowMicros);
      answers[i] = Math.min(0, answer);
    }
    return longest(from, to);
  }

  /** Of those that refuse the one that does for longest; null if none does. */
  private @Nullable Refusing longest(int from, int to) {
    int longest = -1;
    for (int i = from; i < to; i++) {
      if (answers[i] < 0 && (longest < 0 || answers[i] < answers[longest])) {
        longest = i;
      }
    }
    return longest < 0 ? null : Refusing.of(buckets[longest], key(longest), -answers[longest]);
  }

  @Override
  long remaining(int limit) {
    long answer = answers[limit];
    return answer > 0
        ? answer - 1
        : Math.max(0, buckets[limit].limiter().peek(key(limit), 0, nowMicros));
  }

  @Override
  long resetAfterMicros(int limit) {
    long answer = answers[limit];
    return answer < 0 ? -answer : buckets[limit].limiter().resetAfterMicros(key(limit), nowMicros);
  }

  @Override
  void takeInShadow() {
    int from = enforced();
    for (Counters counters : others()) {
      if (counters.policy().terms().shadow()) {
        int to = from + (counters.key() == null ? 0 : counters.tier().buckets().size());
        takeInShadow(counters, from, to);
        from = to;
      }
    }
  }

  private void takeInShadow(Counters counters, int from, int to) {
    Refusing refusing = refusingInShadow(counters, from, to);
    if (refusing != null && isLaterThanTicked()) {
      refusing = refusingInShadow(counters, from, to);
    }
    if (refusing != null) {
      hit(refusing, true);
    }
  }

  private @Nullable Refusing refusingInShadow(Counters counters, int from, int to) {
    if (counters.key() == null) {
      return withoutKey(counters);
    }
    Refusing longest = askAll(from, to);
    Refusing refusing = longest == null ? chargeAll(from, to) : longest;
    if (refusing == null && !enter(counters)) {
      giveBack(from, to);
      refusing = tooMany(counters);
    }
    return refusing;
  }
}
