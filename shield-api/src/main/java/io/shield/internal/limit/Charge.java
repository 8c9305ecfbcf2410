package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.counter.Permit;
import io.shield.internal.limit.time.LimitClock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of charging one request, and the record of which policies it was charged to. A
 * request that is sent on to another route is charged again with {@link LimitedRequest#earlier}:
 * only to policies that did not count it yet, and if one of those refuses it, all is given back.
 */
public final class Charge {
  /** Nothing was charged. */
  static final Charge NOTHING =
      new Charge(
          null,
          new Reservation[0],
          0,
          0,
          List.of(),
          LimitClock.of(InstantSource.system()),
          0,
          null,
          null);

  private final Decision.@Nullable RateLimited refusal;
  private final Reservation[] reservations;
  private final int enforced;
  private final int count;
  private final List<Counters> others;
  private final LimitClock clock;
  private final long nowMicros;
  private final @Nullable Permit held;
  private final @Nullable Charge earlier;

  /**
   * How one limit stands after the request.
   *
   * @param policy what it limits: {@code global}, {@code service} or {@code route}
   * @param capacity the units it has at most
   * @param windowSeconds its period, rounded up
   * @param remaining the units that remain
   * @param resetAtMillis when it has everything again, or if it refuses, when the request can pass;
   *     in milliseconds since 1970, rounded up
   */
  public record Standing(
      String policy, long capacity, long windowSeconds, long remaining, long resetAtMillis) {}

  /**
   * @param reservations the limits that were asked, in the order of charging
   * @param enforced how many of the array are of policies in force; those of shadow ones follow
   * @param count how many of the array there are
   * @param others policies that were asked for more than what is in the array
   * @param nowMicros when they were asked
   */
  Charge(
      Decision.@Nullable RateLimited refusal,
      Reservation[] reservations,
      int enforced,
      int count,
      List<Counters> others,
      LimitClock clock,
      long nowMicros,
      @Nullable Permit held,
      @Nullable Charge earlier) {
    this.refusal = refusal;
    this.reservations = reservations;
    this.enforced = enforced;
    this.count = count;
    this.others = others;
    this.clock = clock;
    this.nowMicros = nowMicros;
    this.held = held;
    this.earlier = earlier;
  }

  /** Why the request is refused; null if it passes. */
  public Decision.@Nullable RateLimited refusal() {
    return refusal;
  }

  /** The limits that were asked, in the order of charging; shadow ones are not told. */
  public List<Standing> standings() {
    List<Standing> standings = earlier == null ? new ArrayList<>(enforced) : earlier.standings();
    for (int i = 0; i < enforced; i++) {
      standings.add(reservations[i].standing(nowMicros, clock.wallOffset()));
    }
    return standings;
  }

  /** The limit with the least remaining, or null if there is none. */
  public @Nullable Standing tightest() {
    Reservation tightest = null;
    long least = Long.MAX_VALUE;
    long asked = nowMicros;
    for (Charge charge = this; charge != null; charge = charge.earlier) {
      for (int i = 0; i < charge.enforced; i++) {
        long remaining = charge.reservations[i].remaining(charge.nowMicros);
        if (tightest == null || remaining < least) {
          tightest = charge.reservations[i];
          least = remaining;
          asked = charge.nowMicros;
        }
      }
    }
    return tightest == null ? null : tightest.standing(asked, clock.wallOffset());
  }

  /** Whether the request was charged to a policy, now or before it was sent on. */
  boolean counts(PolicyLimit policy) {
    for (int i = 0; i < count; i++) {
      if (reservations[i].bucket.policyKey().equals(policy.key())) {
        return true;
      }
    }
    for (Counters counters : others) {
      if (counters.policy().key().equals(policy.key())) {
        return true;
      }
    }
    return earlier != null && earlier.counts(policy);
  }

  /** Takes nothing after all: the request was refused after it was sent on. */
  void giveBack() {
    for (int i = 0; i < count; i++) {
      reservations[i].giveBack(nowMicros);
    }
    if (held != null) {
      held.release();
    }
    if (earlier != null) {
      earlier.giveBack();
    }
  }

  /** Whether {@link #release} must be called when the request is over. */
  public boolean isHeld() {
    return held != null || (earlier != null && earlier.isHeld());
  }

  /** Makes room for the next request. Idempotent; from any thread. */
  public void release() {
    if (held != null) {
      held.release();
    }
    if (earlier != null) {
      earlier.release();
    }
  }
}
