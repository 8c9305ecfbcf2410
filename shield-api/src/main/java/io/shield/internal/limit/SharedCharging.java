package io.shield.internal.limit;

import io.shield.internal.limit.PolicyLimit.Counters;
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
      }
      return refusing == null && count > 0 ? ask() : Future.succeededFuture(concluded(refusing));
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
      Reservation asked = reservations[i];
      long wait = asked.bucket.refused().waitMicros(asked.key, asked.cost, nowMicros);
      if (wait > 0 && (longest == null || wait > longest.waitMicros())) {
        longest = Refusing.of(asked, wait);
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

  private Future<Charge> ask() {
    List<Demand> demands = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      demands.add(reserved(i).demand);
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
      for (int i = 0; i < count; i++) {
        reserved(i).answered(answer.standings().get(i), answer.atMicros());
      }
      return concluded(answer.admitted() ? null : refusing());
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
      SharedReservation asked = reserved(i);
      long wait = asked.waitMicros();
      if (wait > 0) {
        asked.bucket.refused().add(asked.key, asked.cost, nowMicros, wait);
        longest = any && wait <= longest.waitMicros() ? longest : Refusing.of(asked, wait);
        any = true;
      }
    }
    return longest;
  }

  /** It may have been counted all the same, which is not given back. */
  private Charge unanswered() {
    failures.increment();
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
        SharedReservation asked = reserved(next++);
        if (!asked.isCounted()
            && (refusing == null || asked.waitMicros() > refusing.waitMicros())) {
          refusing = Refusing.of(asked, asked.waitMicros());
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
