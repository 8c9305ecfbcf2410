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
public abstract class Charge {
  private static final long MICROS = 1_000_000;
  private static final Bucket[] NO_BUCKETS = {};

  final LimitedRequest request;

  /** The limits that are asked: those of policies in force in their order, then of shadow ones. */
  Bucket[] buckets = NO_BUCKETS;

  /** The counter of every limit; empty where {@link #unusual} says them. */
  String key = "";

  @Nullable Unusual unusual;
  Decision.@Nullable RateLimited refusal;

  /** When the limits were asked. */
  long nowMicros;

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
   * Is told how a limit stands, as {@link Standing} says.
   *
   * @param <T> for whom
   */
  @FunctionalInterface
  public interface StandingTeller<T> {
    /** Tells somebody. */
    void tell(T to, long capacity, long remaining, long resetAtMillis);
  }

  /** What most requests have nothing of, which are counted by one key in all their policies. */
  static final class Unusual {
    /** Policies that limit how many are under way, shadow ones, and those that find no key. */
    final List<Counters> counters = new ArrayList<>();

    /** The counter of each limit. */
    final String[] keys;

    /** Routes on the way that say themselves how they are charged, the last first. */
    final @Nullable Passed passed;

    /** How many limits are of policies in force. */
    int enforced;

    /** Of the policies in force: the first that refuses because there is no key. */
    @Nullable Counters keyless;

    /** The first policy that refuses because the store did not answer. */
    @Nullable Counters blocked;

    @Nullable Permit held;

    Unusual(int mostKeys, @Nullable Passed passed) {
      keys = new String[mostKeys];
      this.passed = passed;
    }
  }

  Charge(LimitedRequest request, long nowMicros) {
    this.request = request;
    this.nowMicros = nowMicros;
  }

  /** What the request was charged before it was sent on, or null. */
  final @Nullable Charge earlier() {
    return request.earlier();
  }

  /** Why the request is refused; null if it passes. */
  public Decision.@Nullable RateLimited refusal() {
    return refusal;
  }

  final String key(int limit) {
    return unusual == null ? key : unusual.keys[limit];
  }

  final int cost(int limit) {
    Bucket bucket = buckets[limit];
    Passed of = unusual == null ? null : Passed.of(unusual.passed, bucket.policyKey());
    int asked = of == null ? request.cost() : of.cost();
    return asked == LimitedRequest.FIXED_COST
        ? bucket.cost()
        : (int) Math.min(asked, bucket.capacity());
  }

  /** What remained of a limit when it was charged; of one that was not, what remains. */
  abstract long remaining(int limit);

  /** How long until a limit has everything again, or if it refuses, until the request can pass. */
  abstract long resetAfterMicros(int limit);

  /** The limits that were asked, in the order of charging; shadow ones are not told. */
  public List<Standing> standings() {
    Charge earlier = earlier();
    List<Standing> standings = earlier == null ? new ArrayList<>() : earlier.standings();
    for (int i = 0; i < buckets.length; i++) {
      if (!buckets[i].shadow()) {
        standings.add(standing(i));
      }
    }
    return standings;
  }

  private Standing standing(int limit) {
    Bucket bucket = buckets[limit];
    return new Standing(
        bucket.scope().wireName(),
        bucket.capacity(),
        (bucket.limit().rule().periodMicros() + MICROS - 1) / MICROS,
        remaining(limit),
        resetAtMillis(limit));
  }

  private long resetAtMillis(int limit) {
    return millisUp(nowMicros + buckets[limit].wallOffset().getAsLong() + resetAfterMicros(limit));
  }

  static long millisUp(long micros) {
    return (micros + 999) / 1000;
  }

  /** Tells of the limit with the least remaining, if there is one. */
  public <T> void tellTightest(T to, StandingTeller<T> teller) {
    Charge where = this;
    int tightest = -1;
    long least = Long.MAX_VALUE;
    for (Charge charge = this; charge != null; charge = charge.earlier()) {
      for (int i = 0; i < charge.buckets.length; i++) {
        if (charge.buckets[i].shadow()) {
          continue;
        }
        long remaining = charge.remaining(i);
        if (tightest < 0 || remaining < least) {
          where = charge;
          tightest = i;
          least = remaining;
        }
      }
    }
    if (tightest >= 0) {
      teller.tell(to, where.buckets[tightest].capacity(), least, where.resetAtMillis(tightest));
    }
  }

  /** Whether the request was charged to a policy, now or before it was sent on. */
  final boolean counts(PolicyLimit policy) {
    for (Bucket bucket : buckets) {
      if (bucket.policyKey().equals(policy.key())) {
        return true;
      }
    }
    List<Counters> others = unusual == null ? List.of() : unusual.counters;
    for (Counters counters : others) {
      if (counters.policy().key().equals(policy.key())) {
        return true;
      }
    }
    Charge earlier = earlier();
    return earlier != null && earlier.counts(policy);
  }

  /** Takes nothing after all: the request was refused after it was sent on. */
  public final void giveBack() {
    for (int i = 0; i < buckets.length; i++) {
      giveBack(i);
    }
    Permit held = held();
    if (held != null) {
      held.release();
    }
    Charge earlier = earlier();
    if (earlier != null) {
      earlier.giveBack();
    }
  }

  /** Gives back what was taken of a limit, if anything was. */
  abstract void giveBack(int limit);

  final @Nullable Permit held() {
    return unusual == null ? null : unusual.held;
  }

  /** Whether {@link #release} must be called when the request is over. */
  public boolean isHeld() {
    Charge earlier = earlier();
    return held() != null || (earlier != null && earlier.isHeld());
  }

  /** Makes room for the next request. Idempotent; from any thread. */
  public void release() {
    Permit held = held();
    if (held != null) {
      held.release();
    }
    Charge earlier = earlier();
    if (earlier != null) {
      earlier.release();
    }
  }
}
