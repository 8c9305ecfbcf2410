package io.shield.limit;

import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock for limiters that is read every millisecond for everybody, since reading the system's
 * takes longer than counting.
 *
 * <p>A daemon thread reads the source while somebody asks. After {@link #IDLE_TICKS} milliseconds
 * without a question it sleeps; the next question is answered from the source itself and wakes it.
 * What is answered is at most a few milliseconds old, more if the machine has no processor for the
 * thread; a limit that sees an old time admits nothing more. Thread-safe.
 */
public final class TickClock implements AutoCloseable {
  /** After how many ticks that nobody asked in the thread sleeps. */
  public static final int IDLE_TICKS = 100;

  private static final long TICK_NANOS = 1_000_000;
  private static final long ASLEEP = -1;

  private final InstantSource source;
  private final Thread thread = new Thread(this::run, "shield-tick");

  private volatile long micros = ASLEEP;
  private volatile boolean asked;
  private volatile boolean closed;
  private boolean started;

  private TickClock(InstantSource source) {
    this.source = source;
    thread.setDaemon(true);
  }

  /**
   * Makes a clock.
   *
   * @param source what is read, in milliseconds
   */
  public static TickClock of(InstantSource source) {
    return new TickClock(Objects.requireNonNull(source, "source"));
  }

  /** Microseconds since 1970, in steps of a millisecond. */
  public long micros() {
    long ticked = micros;
    if (ticked == ASLEEP) {
      wake();
      return read();
    }
    if (!asked) {
      asked = true;
    }
    return ticked;
  }

  private long read() {
    return source.millis() * 1000;
  }

  private synchronized void wake() {
    if (closed) {
      return;
    }
    asked = true;
    if (!started) {
      started = true;
      thread.start();
    }
    LockSupport.unpark(thread);
  }

  private void run() {
    int idle = 0;
    while (!closed) {
      idle = asked ? 0 : idle + 1;
      asked = false;
      if (idle < IDLE_TICKS) {
        micros = read();
        LockSupport.parkNanos(this, TICK_NANOS);
      } else {
        sleep();
        idle = 0;
      }
    }
    micros = ASLEEP;
  }

  private void sleep() {
    micros = ASLEEP;
    while (!asked && !closed) {
      LockSupport.park(this);
    }
  }

  /** Ends the thread. The clock goes on by reading its source for each question. */
  @Override
  public synchronized void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
