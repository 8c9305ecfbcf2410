package io.shield.internal.limit.time;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock for limiters, of whole milliseconds, so that requests which come together have one time
 * and threads need not agree on a new one for each.
 *
 * <p>Each question reads the source, unless so many come that it takes less time to have a daemon
 * thread read it every millisecond for everybody. That thread takes the processor from one that
 * serves requests each time it wakes, which is a thousand times what a reading takes. So it reads
 * for {@link #TICKS} milliseconds and is wanted again, or not; after {@link #SLEEP_SECONDS} seconds
 * without it ends. What it has read is at most a few milliseconds old, more if the machine has no
 * processor for it; a limit that sees an old time admits nothing more. Thread-safe.
 */
public final class TickClock implements AutoCloseable {
  /**
   * From so many questions in a millisecond on there is one reading for all. Nothing that is behind
   * a reading begins before it, which costs more than the reading.
   */
  public static final int MANY = 500;

  /** For so many milliseconds the thread reads once it is wanted. */
  public static final int TICKS = 100;

  /** How long it sleeps before it ends: a clock that is never closed leaves no thread behind. */
  public static final int SLEEP_SECONDS = 10;

  private static final long TICK_MICROS = 1_000;
  private static final long TICK_NANOS = 1_000_000;
  private static final long NOT_TICKING = -1;

  private final LongSupplier source;
  private final long sleepNanos;

  private volatile long tick = NOT_TICKING;
  private volatile boolean wanted;
  private volatile boolean closed;
  private @Nullable Thread thread;

  /**
   * How many asked in which millisecond. Threads that ask at once may lose a question of each
   * other, which then is not many.
   */
  private long asked;

  private int questions;

  TickClock(LongSupplier source, long sleepNanos) {
    this.source = Objects.requireNonNull(source, "source");
    this.sleepNanos = sleepNanos;
  }

  /**
   * Makes a clock.
   *
   * @param source what is read, in microseconds, not negative
   */
  public static TickClock of(LongSupplier source) {
    return new TickClock(source, SLEEP_SECONDS * 1_000_000_000L);
  }

  /** The source's time in microseconds, rounded down to milliseconds. */
  public long micros() {
    long ticked = tick;
    return ticked == NOT_TICKING ? counted(read()) : ticked;
  }

  private long read() {
    long now = source.getAsLong();
    return now - now % TICK_MICROS;
  }

  private long counted(long now) {
    if (now != asked) {
      asked = now;
      questions = 1;
    } else if (++questions == MANY) {
      want();
    }
    return now;
  }

  private synchronized void want() {
    if (closed) {
      return;
    }
    wanted = true;
    if (thread == null) {
      thread = new Thread(this::run, "shield-tick");
      thread.setDaemon(true);
      thread.start();
    } else {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    do {
      wanted = false;
      for (int i = 0; i < TICKS && !closed; i++) {
        tick = read();
        LockSupport.parkNanos(this, TICK_NANOS);
      }
      tick = NOT_TICKING;
    } while (isWantedAgain());
  }

  /** Sleeps; false if nobody wants the thread, which is to end then. */
  private boolean isWantedAgain() {
    long end = System.nanoTime() + sleepNanos;
    for (long left = sleepNanos; left > 0; left = end - System.nanoTime()) {
      if (wanted || closed) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    synchronized (this) {
      boolean again = wanted && !closed;
      thread = again ? thread : null;
      return again;
    }
  }

  /** Ends the thread. From then on each question reads the source. */
  @Override
  public synchronized void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
