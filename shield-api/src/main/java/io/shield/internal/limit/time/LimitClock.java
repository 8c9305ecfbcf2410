package io.shield.internal.limit.time;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The time that limits count by, in microseconds. It never goes back, so that no counter has a time
 * later than now and no wait is longer than its algorithm makes it. What the wall clock says is
 * {@link #wallOffset} away: 0 until somebody sets it. Thread-safe.
 */
public abstract class LimitClock implements AutoCloseable {
  /** Limits count by this source; beside the system's by a monotonic one. */
  public static LimitClock of(InstantSource source) {
    return isSystem(source) ? new Anchored(source, System::nanoTime) : new Given(source);
  }

  private static boolean isSystem(InstantSource source) {
    return source.equals(InstantSource.system())
        || (source instanceof Clock clock
            && clock.withZone(ZoneOffset.UTC).equals(Clock.systemUTC()));
  }

  /** Limits count by a monotonic source, which begins at the time of a wall clock. */
  public static LimitClock anchored(InstantSource wall, LongSupplier nanos) {
    return new Anchored(wall, nanos);
  }

  /** Fast, of whole milliseconds, and a few of them old at most. */
  public abstract long ticked();

  /** The time now. */
  public abstract long exact();

  /** What is to be added to have the wall clock's microseconds since 1970. */
  public abstract long wallOffset();

  /** Ends the ticking; the clock goes on without. */
  @Override
  public abstract void close();

  /**
   * Advances by a monotonic source: the wall clock of a machine is set now and then, by a day too,
   * and what was used a minute ago was used a minute ago.
   */
  private static final class Anchored extends LimitClock {
    /**
     * So far the wall clock may be away before that is noticed: less comes from reading two clocks
     * one after the other, and would move the ends of windows to and fro.
     */
    private static final long NOISE_MICROS = 10_000;

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final long startNanos;
    private final long startMicros;
    private final TickClock ticks = TickClock.of(this::monotonic);
    private volatile long seen;
    private volatile long wallOffset;

    Anchored(InstantSource wall, LongSupplier nanos) {
      this.wall = wall;
      this.nanos = nanos;
      this.startNanos = nanos.getAsLong();
      this.startMicros = wallMicros(wall);
    }

    @Override
    public long ticked() {
      long now = ticks.micros();
      if (now != seen) {
        seen = now;
        exact(); // The wall clock is looked at once a millisecond.
      }
      return now;
    }

    private long monotonic() {
      return startMicros + (nanos.getAsLong() - startNanos) / 1000;
    }

    @Override
    public long exact() {
      long now = monotonic();
      long offset = wallMicros(wall) - now;
      if (Math.abs(offset - wallOffset) > NOISE_MICROS) {
        wallOffset = offset;
      }
      return now;
    }

    @Override
    public long wallOffset() {
      return wallOffset;
    }

    @Override
    public void close() {
      ticks.close();
    }
  }

  /**
   * Advances by as much as a source advances and stands still when that goes back. A source that
   * somebody made is read for each question, as its maker expects, under a lock.
   */
  private static final class Given extends LimitClock {
    private final InstantSource source;
    private long latest;
    private volatile long wallOffset;

    Given(InstantSource source) {
      this.source = source;
    }

    @Override
    public long ticked() {
      return exact();
    }

    @Override
    public synchronized long exact() {
      long read = wallMicros(source);
      if (read < latest) {
        wallOffset += read - latest;
      }
      latest = read;
      return read - wallOffset;
    }

    @Override
    public long wallOffset() {
      return wallOffset;
    }

    @Override
    public void close() {}
  }

  private static long wallMicros(InstantSource source) {
    return Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, source.instant()));
  }
}
