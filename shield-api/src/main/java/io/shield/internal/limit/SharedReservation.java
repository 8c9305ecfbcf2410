package io.shield.internal.limit;

import io.shield.internal.limit.counter.Leases;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Demand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One shared counter that a request is charged to. Used by one thread at a time. */
final class SharedReservation {
  private static final SharedCounters.Standing NOT_ASKED =
      new SharedCounters.Standing(false, 0, 0, 0, null);

  final Bucket bucket;
  final String key;
  final int cost;
  private final SharedCounters shared;
  private SharedCounters.Standing standing = NOT_ASKED;
  private @Nullable Demand demand;
  private long atMicros;
  private boolean counted;

  /** What is lent of the counter to this process; null if nothing ever is. */
  private final Leases.@Nullable OfKey leases;

  private Leases.@Nullable Grant grant;
  private long askedAt;

  SharedReservation(Bucket bucket, String key, int cost, SharedCounters shared) {
    this.bucket = bucket;
    this.key = key;
    this.cost = cost;
    this.shared = shared;
    Leases lending = bucket.leases();
    this.leases = lending == null || cost == 0 ? null : lending.of(key);
  }

  /** Takes from what was lent; false if the store has to be asked. */
  boolean takeLent(long now) {
    grant = leases == null ? null : leases.take(cost, now);
    if (grant == null) {
      return false;
    }
    standing = grant.standing(now);
    borrow(now);
    return true;
  }

  /** Asks for more before all is used. */
  private void borrow(long now) {
    Leases.OfKey lending = leases;
    long ahead = lending == null ? 0 : lending.wanted(cost, now);
    if (lending != null && ahead > 0) {
      shared
          .charge(List.of(new Demand(bucket.limit(), key, 0, false, ahead)))
          .onComplete(
              answer ->
                  lending.answered(
                      now, answer.succeeded() ? answer.result().standings().get(0) : null));
    }
  }

  /** What is asked for. */
  Demand demand(long now) {
    long ahead = leases == null ? 0 : leases.wanted(cost, now);
    askedAt = now;
    Demand asked = new Demand(bucket.limit(), key, cost, bucket.shadow(), ahead);
    demand = asked;
    return asked;
  }

  /** What the store answered, and when by its clock. */
  void answered(SharedCounters.Standing answer, long at) {
    borrowed(answer);
    standing = answer;
    atMicros = at;
    counted = answer.counted();
  }

  /** The store did not answer. */
  void unanswered() {
    borrowed(null);
    giveBackLent();
  }

  private void borrowed(SharedCounters.@Nullable Standing answer) {
    Demand asked = demand;
    if (leases != null && asked != null && asked.ahead() > 0) {
      leases.answered(askedAt, answer);
    }
  }

  /** The store refused the request for another counter. */
  void giveBackLent() {
    if (grant != null) {
      grant.giveBack(cost);
      grant = null;
    }
  }

  boolean isCounted() {
    return counted;
  }

  long waitMicros() {
    return standing.waitMicros();
  }

  /** Gives back what was taken, if anything was. */
  void giveBack() {
    giveBackLent();
    Demand asked = demand;
    if (counted && asked != null) {
      shared.giveBack(asked, atMicros);
      counted = false;
    }
  }

  long remaining() {
    return standing.remaining();
  }

  long resetAfterMicros() {
    boolean refuses = !counted && standing.waitMicros() > 0;
    return refuses ? standing.waitMicros() : standing.resetMicros();
  }
}
