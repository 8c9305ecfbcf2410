package io.shield.internal.limit;

import io.shield.limit.TickClock;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The time that limits count by, in microseconds since 1970. Thread-safe. */
public final class LimitClock implements AutoCloseable {
  private final InstantSource source;
  private final LongSupplier ticks;
  private final Runnable end;

  /** For {@link #of}, and for tests that set the ticks themselves. */
  LimitClock(InstantSource source, LongSupplier ticks, Runnable end) {
    this.source = source;
    this.ticks = ticks;
    this.end = end;
  }

  /**
   * Limits count by this source. The system's clock is ticked; any other one is read for each
   * question, as whoever set it expects.
   */
  public static LimitClock of(InstantSource source) {
    if (source.equals(InstantSource.system())) {
      TickClock ticks = TickClock.of(source);
      return new LimitClock(source, ticks::micros, ticks::close);
    }
    return new LimitClock(source, () -> source.millis() * 1000, () -> {});
  }

  /** Fast, and some milliseconds old at most. */
  long ticked() {
    return ticks.getAsLong();
  }

  /** What the source says now. */
  long exact() {
    return source.millis() * 1000;
  }

  /** Ends the ticking; the clock goes on without. */
  @Override
  public void close() {
    end.run();
  }
}
