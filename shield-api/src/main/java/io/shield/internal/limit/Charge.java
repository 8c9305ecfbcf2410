package io.shield.internal.limit;

import io.shield.decision.Decision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of charging one request. */
public final class Charge {
  /** Nothing was charged. */
  static final Charge NOTHING = new Charge(null, new Taking[0], 0, 0, null);

  private final Decision.@Nullable RateLimited refusal;
  private final Taking[] takings;
  private final int count;
  private final long nowMicros;
  private final @Nullable Held held;

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
   * @param takings the limits that were asked, in the order of charging
   * @param count how many of the array there are
   * @param nowMicros when they were asked
   */
  Charge(
      Decision.@Nullable RateLimited refusal,
      Taking[] takings,
      int count,
      long nowMicros,
      @Nullable Held held) {
    this.refusal = refusal;
    this.takings = takings;
    this.count = count;
    this.nowMicros = nowMicros;
    this.held = held;
  }

  /** Why the request is refused; null if it passes. */
  public Decision.@Nullable RateLimited refusal() {
    return refusal;
  }

  /** The limits that were asked, in the order of charging; shadow ones are not told. */
  public List<Standing> standings() {
    List<Standing> standings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      standings.add(takings[i].standing(nowMicros));
    }
    return standings;
  }

  /** The limit with the least remaining, or null if there is none. */
  public @Nullable Standing tightest() {
    Taking tightest = null;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      long remaining = takings[i].remaining(nowMicros);
      if (tightest == null || remaining < least) {
        tightest = takings[i];
        least = remaining;
      }
    }
    return tightest == null ? null : tightest.standing(nowMicros);
  }

  /** Whether {@link #release} must be called when the request is over. */
  public boolean isHeld() {
    return held != null;
  }

  /** Makes room for the next request. Idempotent; from any thread. */
  public void release() {
    if (held != null) {
      held.release();
    }
  }
}
