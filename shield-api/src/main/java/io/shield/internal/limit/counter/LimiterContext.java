package io.shield.internal.limit.counter;

import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What the limiters of an engine share.
 *
 * @param wallOffset what is to be added to a limiter's time to have the wall clock's, in
 *     microseconds; fixed windows begin at whole periods of the wall clock
 * @param uncounted counts the charges that pass uncounted for lack of room
 */
public record LimiterContext(LongSupplier wallOffset, LongAdder uncounted) {
  public LimiterContext {
    Objects.requireNonNull(wallOffset, "wallOffset");
    Objects.requireNonNull(uncounted, "uncounted");
  }

  /** That of a limiter alone, whose time is the wall clock's. */
  public static LimiterContext alone() {
    return new LimiterContext(() -> 0, new LongAdder());
  }
}
