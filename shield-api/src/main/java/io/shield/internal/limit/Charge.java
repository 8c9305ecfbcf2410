package io.shield.internal.limit;

import io.shield.decision.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of charging one request. */
public final class Charge {
  /** Nothing was charged. */
  static final Charge NOTHING = new Charge(null, List.of(), null);

  private final Decision.@Nullable RateLimited refusal;
  private final List<Taking> takings;
  private final @Nullable Held held;

  /**
   * How one limit stands after the request.
   *
   * @param policy what it limits: {@code global}, {@code service} or {@code route}
   * @param capacity the units it has at most
   * @param windowSeconds its period, rounded up
   * @param remaining the units that remain
   * @param resetAtMillis when it has everything again, in milliseconds since 1970, rounded up
   */
  public record Standing(
      String policy, long capacity, long windowSeconds, long remaining, long resetAtMillis) {}

  Charge(Decision.@Nullable RateLimited refusal, List<Taking> takings, @Nullable Held held) {
    this.refusal = refusal;
    this.takings = takings;
    this.held = held;
  }

  /** Why the request is refused; null if it passes. */
  public Decision.@Nullable RateLimited refusal() {
    return refusal;
  }

  /** The limits that were asked, in the order of charging; shadow ones are not told. */
  public List<Standing> standings() {
    return takings.stream().map(Taking::standing).toList();
  }

  /** The limit with the least remaining, or null if there is none. */
  public @Nullable Standing tightest() {
    Taking tightest = null;
    long least = Long.MAX_VALUE;
    for (Taking taking : takings) {
      long remaining = taking.remaining();
      if (tightest == null || remaining < least) {
        tightest = taking;
        least = remaining;
      }
    }
    return tightest == null ? null : tightest.standing();
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
