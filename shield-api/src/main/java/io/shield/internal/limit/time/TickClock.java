package io.shield.internal.limit.time;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock for limiters that is read every millisecond for everybody, since reading the system's
 * takes longer than counting.
 *
 * <p>A daemon thread reads the source while somebody asks. After {@link #IDLE_TICKS} milliseconds
 * without a question it sleeps, and after {@link #SLEEP_SECONDS} seconds it ends; the next question
 * is answered from the source itself and wakes or starts it. What is answered is at most a few
 * milliseconds old, more if the machine has no processor for the thread; a limit that sees an old
 * time admits nothing more. Thread-safe.
 */
public final class TickClock implements AutoCloseable {
  /** After how many ticks that nobody asked in the thread sleeps. */
  public static final int IDLE_TICKS = 100;

  /** How long it sleeps before it ends: a clock that is never closed leaves no thread behind. */
  public static final int SLEEP_SECONDS = 10;

  private static final long TICK_NANOS = 1_000_000;
  private static final long ASLEEP = -1;

  private final LongSupplier source;
  private final long sleepNanos;

  private volatile long micros = ASLEEP;
  private volatile boolean asked;
  private volatile boolean closed;
  private @Nullable Thread thread;

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

  /** The source's time at the latest tick. */
  public long micros() {
    long ticked = micros;
    if (ticked == ASLEEP) {
      wake();
      return source.getAsLong();
    }
    if (!asked) {
      asked = true;
    }
    return ticked;
  }

  private synchronized void wake() {
    if (closed) {
      return;
    }
    asked = true;
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
      tick();
    } while (isAskedAgain());
  }

  private void tick() {
    int idle = 0;
    while (!closed && idle < IDLE_TICKS) {
      micros = source.getAsLong();
      LockSupport.parkNanos(this, TICK_NANOS);
      idle = asked ? 0 : idle + 1;
      asked = false;
    }
    micros = ASLEEP;
  }

  /** Sleeps; false if nobody asked meanwhile, and the thread is to end. */
  private boolean isAskedAgain() {
    long end = System.nanoTime() + sleepNanos;
    for (long left = sleepNanos; left > 0; left = end - System.nanoTime()) {
      if (asked || closed) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    synchronized (this) {
      boolean again = asked && !closed;
      thread = again ? thread : null;
      return again;
    }
  }

  /** Ends the thread. The clock goes on by reading its source for each question. */
  @Override
  public synchronized void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
