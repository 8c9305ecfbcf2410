package io.shield.internal.limit;

import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Charges a request to counters that are shared with other processes, all in one question. What is
 * refused in any case, as it has no key or is known to be refused still, is not asked. If there is
 * no answer in time, policies say what then.
 */
final class SharedCharging extends Charging {
  private static final SharedReservation[] NONE = {};

  private final SharedCounters shared;
  private final LongAdder failures;

  /** What is asked of each limit. */
  private SharedReservation[] reservations = NONE;

  /** Those that the store is asked for; the others are paid with what it lent. */
  private final List<SharedReservation> asked = new ArrayList<>();

  /**
   * @param failures counts the requests that got no answer
   */
  SharedCharging(
      LimitedRequest request, RateLimiting limiting, SharedCounters shared, LongAdder failures) {
    super(request, limiting);
    this.shared = shared;
    this.failures = failures;
  }

  Future<Charge> charge() {
    if (!isCharged()) {
      return Future.succeededFuture(nothing());
    }
    reservations = reserved();
    try {
      Refusing refusing = knownRefusal();
      if (refusing == null) {
        refusing = enterAll();
      }
      if (refusing == null) {
        takeLent();
      }
      return asked.isEmpty() ? Future.succeededFuture(concluded(refusing)) : ask();
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  private SharedReservation[] reserved() {
    SharedReservation[] reserved = new SharedReservation[buckets.length];
    for (int i = 0; i < reserved.length; i++) {
      reserved[i] = new SharedReservation(buckets[i], key(i), cost(i), shared);
    }
    return reserved;
  }

  private @Nullable Refusing knownRefusal() {
    Counters keyless = keyless();
    if (keyless != null) {
      return withoutKey(keyless);
    }
    Refusing longest = null;
    for (int i = 0; i < enforced(); i++) {
      SharedReservation one = reservations[i];
      long wait = one.bucket.refused().waitMicros(one.key, one.cost, nowMicros);
      if (wait > 0 && (longest == null || wait > longest.waitMicros())) {
        longest = Refusing.of(one.bucket, one.key, wait);
      }
    }
    return longest;
  }

  private void takeLent() {
    long now = lends() ? clock().exact() : nowMicros;
    for (int i = 0; i < reservations.length; i++) {
      SharedReservation one = reservations[i];
      if (i >= enforced() || !one.takeLent(now)) {
        asked.add(one);
      }
    }
  }

  private boolean lends() {
    for (int i = 0; i < enforced(); i++) {
      if (reservations[i].bucket.leases() != null) {
        return true;
      }
    }
    return false;
  }

  private Future<Charge> ask() {
    long now = lends() ? clock().exact() : nowMicros;
    List<Demand> demands = new ArrayList<>(asked.size());
    for (SharedReservation one : asked) {
      demands.add(one.demand(now));
    }
    return shared
        .charge(demands)
        .transform(
            result ->
                Future.succeededFuture(
                    result.succeeded() ? answered(result.result()) : unanswered()));
  }

  private Charge answered(Answer answer) {
    try {
      nowMicros = clock().exact();
      for (int i = 0; i < asked.size(); i++) {
        asked.get(i).answered(answer.standings().get(i), answer.atMicros());
      }
      if (answer.admitted()) {
        return concluded(null);
      }
      Refusing refusing = refusing();
      for (int i = 0; i < enforced(); i++) {
        reservations[i].giveBackLent();
      }
      return concluded(refusing);
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  /** The limit that refuses for longest; all that refuse are noted. */
  private Refusing refusing() {
    Refusing longest = Refusing.of(buckets[0], key(0), SECOND_MICROS);
    boolean any = false;
    for (int i = 0; i < enforced(); i++) {
      SharedReservation one = reservations[i];
      long wait = one.waitMicros();
      if (wait > 0) {
        one.bucket.refuse(one.key, one.cost, nowMicros, wait);
        longest =
            any && wait <= longest.waitMicros() ? longest : Refusing.of(one.bucket, one.key, wait);
        any = true;
      }
    }
    return longest;
  }

  /** It may have been counted all the same, which is not given back. */
  private Charge unanswered() {
    failures.increment();
    for (SharedReservation one : reservations) {
      one.unanswered();
    }
    leave();
    return new LocalCharging(request, limiting, true).charge();
  }

  @Override
  long remaining(int limit) {
    return reservations[limit].remaining();
  }

  @Override
  long resetAfterMicros(int limit) {
    return reservations[limit].resetAfterMicros();
  }

  @Override
  void giveBack(int limit) {
    reservations[limit].giveBack();
  }

  /** The store has counted what they let pass. */
  @Override
  void takeInShadow() {
    int next = enforced();
    for (Counters counters : others()) {
      if (!counters.policy().terms().shadow()) {
        continue;
      }
      Refusing refusing = counters.key() == null ? withoutKey(counters) : null;
      for (int i = 0; counters.key() != null && i < counters.tier().buckets().size(); i++) {
        SharedReservation one = reservations[next++];
        if (!one.isCounted() && (refusing == null || one.waitMicros() > refusing.waitMicros())) {
          refusing = Refusing.of(one.bucket, one.key, one.waitMicros());
        }
      }
      if (refusing == null && !enter(counters)) {
        refusing = tooMany(counters);
      }
      if (refusing != null) {
        hit(refusing, true);
      }
    }
  }
}
