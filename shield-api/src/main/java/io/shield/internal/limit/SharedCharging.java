package io.shield.internal.limit;

import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.RateLimiting.HitSink;
import io.shield.internal.limit.time.LimitClock;
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
  private final SharedCounters shared;
  private final LongAdder failures;

  /** Those that the store is asked for; the others are paid with what it lent. */
  private final List<SharedReservation> asked = new ArrayList<>();

  /**
   * @param failures counts the requests that got no answer
   */
  SharedCharging(
      LimitedRequest request,
      HitSink hits,
      LimitClock clock,
      SharedCounters shared,
      LongAdder failures) {
    super(request, hits, clock);
    this.shared = shared;
    this.failures = failures;
  }

  Future<Charge> charge() {
    if (!isCharged()) {
      return Future.succeededFuture(nothing());
    }
    try {
      Refusing refusing = knownRefusal();
      if (refusing == null) {
        refusing = enterAll();
      }
      if (refusing == null) {
        reserveShadows();
        takeLent();
      }
      return asked.isEmpty() ? Future.succeededFuture(concluded(refusing)) : ask();
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  @Override
  Reservation reservation(Bucket bucket, PolicyLimit policy, String key, int cost) {
    return new SharedReservation(bucket, key, cost, shared, policy.terms().shadow());
  }

  private SharedReservation reserved(int i) {
    return (SharedReservation) reservations[i];
  }

  private @Nullable Refusing knownRefusal() {
    if (keyless != null) {
      return withoutKey(keyless);
    }
    Refusing longest = null;
    for (int i = 0; i < enforced; i++) {
      Reservation one = reservations[i];
      long wait = one.bucket.refused().waitMicros(one.key, one.cost, nowMicros);
      if (wait > 0 && (longest == null || wait > longest.waitMicros())) {
        longest = Refusing.of(one, wait);
      }
    }
    return longest;
  }

  private void reserveShadows() {
    for (Counters counters : others) {
      String key = counters.key();
      if (counters.policy().terms().shadow() && key != null) {
        reserve(counters.policy(), counters.tier(), key);
      }
    }
  }

  private void takeLent() {
    long now = lends() ? clock.exact() : nowMicros;
    for (int i = 0; i < count; i++) {
      SharedReservation one = reserved(i);
      if (i >= enforced || !one.takeLent(now)) {
        asked.add(one);
      }
    }
  }

  private boolean lends() {
    for (int i = 0; i < enforced; i++) {
      if (reservations[i].bucket.leases() != null) {
        return true;
      }
    }
    return false;
  }

  private Future<Charge> ask() {
    long now = lends() ? clock.exact() : nowMicros;
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
      nowMicros = clock.exact();
      for (int i = 0; i < asked.size(); i++) {
        asked.get(i).answered(answer.standings().get(i), answer.atMicros());
      }
      if (answer.admitted()) {
        return concluded(null);
      }
      Refusing refusing = refusing();
      for (int i = 0; i < enforced; i++) {
        reserved(i).giveBackLent();
      }
      return concluded(refusing);
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  /** The limit that refuses for longest; all that refuse are noted. */
  private Refusing refusing() {
    Refusing longest = Refusing.of(reservations[0], SECOND_MICROS);
    boolean any = false;
    for (int i = 0; i < enforced; i++) {
      SharedReservation one = reserved(i);
      long wait = one.waitMicros();
      if (wait > 0) {
        one.bucket.refuse(one.key, one.cost, nowMicros, wait);
        longest = any && wait <= longest.waitMicros() ? longest : Refusing.of(one, wait);
        any = true;
      }
    }
    return longest;
  }

  /** It may have been counted all the same, which is not given back. */
  private Charge unanswered() {
    failures.increment();
    for (int i = 0; i < count; i++) {
      reserved(i).unanswered();
    }
    leave();
    return new LocalCharging(request, hits, clock, true).charge();
  }

  /** The store has counted what they let pass. */
  @Override
  void takeInShadow() {
    int next = enforced;
    for (Counters counters : others) {
      if (!counters.policy().terms().shadow()) {
        continue;
      }
      Refusing refusing = counters.key() == null ? withoutKey(counters) : null;
      for (int i = 0; counters.key() != null && i < counters.tier().buckets().size(); i++) {
        SharedReservation one = reserved(next++);
        if (!one.isCounted() && (refusing == null || one.waitMicros() > refusing.waitMicros())) {
          refusing = Refusing.of(one, one.waitMicros());
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
