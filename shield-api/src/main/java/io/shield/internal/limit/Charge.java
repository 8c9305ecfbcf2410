package io.shield.internal.limit;

import io.shield.decision.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What became of charging one request. */
public final class Charge {
  /** Nothing was charged. */
  static final Charge NOTHING = new Charge(null, List.of(), List.of());

  private final Decision.@Nullable RateLimited refusal;
  private final List<Standing> standings;
  private final List<Runnable> leave;
  private final AtomicBoolean released = new AtomicBoolean();

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

  Charge(Decision.@Nullable RateLimited refusal, List<Standing> standings, List<Runnable> leave) {
    this.refusal = refusal;
    this.standings = List.copyOf(standings);
    this.leave = new ArrayList<>(leave);
  }

  /** Why the request is refused; null if it passes. */
  public Decision.@Nullable RateLimited refusal() {
    return refusal;
  }

  /** The limits that were asked, in the order of charging; shadow ones are not told. */
  public List<Standing> standings() {
    return standings;
  }

  /** The limit with the least remaining, or null if there is none. */
  public @Nullable Standing tightest() {
    Standing tightest = null;
    for (Standing standing : standings) {
      if (tightest == null || standing.remaining < tightest.remaining) {
        tightest = standing;
      }
    }
    return tightest;
  }

  /** Whether {@link #release} must be called when the request is over. */
  public boolean isHeld() {
    return !leave.isEmpty();
  }

  /** Makes room for the next request. Idempotent; from any thread. */
  public void release() {
    if (released.compareAndSet(false, true)) {
      leave.forEach(Runnable::run);
    }
  }
}
