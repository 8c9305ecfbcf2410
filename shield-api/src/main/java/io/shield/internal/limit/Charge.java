package io.shield.internal.limit;

import io.shield.decision.Decision;
import io.shield.internal.limit.PolicyLimit.Counters;
import io.shield.internal.limit.counter.ConcurrencyLimit.Permit;
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
  static final Charge NOTHING = new Charge(null, new Reservation[0], List.of(), 0, null, null);

  private final Decision.@Nullable RateLimited refusal;

  /** Those of policies in force, then of shadow ones, then nothing. */
  private final @Nullable Reservation[] reservations;

  private final List<Counters> others;
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
   * @param others policies that were asked for more than what is in the array
   * @param nowMicros when they were asked
   */
  Charge(
      Decision.@Nullable RateLimited refusal,
      @Nullable Reservation[] reservations,
      List<Counters> others,
      long nowMicros,
      @Nullable Permit held,
      @Nullable Charge earlier) {
    this.refusal = refusal;
    this.reservations = reservations;
    this.others = others;
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
    List<Standing> standings = earlier == null ? new ArrayList<>() : earlier.standings();
    for (Reservation asked : reservations) {
      if (asked != null && !asked.bucket.shadow()) {
        standings.add(asked.standing(nowMicros));
      }
    }
    return standings;
  }

  /** The limit with the least remaining, or null if there is none. */
  public @Nullable Standing tightest() {
    Reservation tightest = null;
    long least = Long.MAX_VALUE;
    long at = nowMicros;
    for (Charge charge = this; charge != null; charge = charge.earlier) {
      for (Reservation asked : charge.reservations) {
        if (asked == null || asked.bucket.shadow()) {
          continue;
        }
        long remaining = asked.remaining(charge.nowMicros);
        if (tightest == null || remaining < least) {
          tightest = asked;
          least = remaining;
          at = charge.nowMicros;
        }
      }
    }
    return tightest == null ? null : tightest.standing(at);
  }

  /** Whether the request was charged to a policy, now or before it was sent on. */
  boolean counts(PolicyLimit policy) {
    for (Reservation asked : reservations) {
      if (asked != null && asked.bucket.policyKey().equals(policy.key())) {
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
    for (Reservation asked : reservations) {
      if (asked != null) {
        asked.giveBack(nowMicros);
      }
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
