package io.shield.internal.limit.counter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A segment's lock, and the numbers of one of its keys while they are worked on: as long as the
 * same key is charged they stay here. {@link #used}, {@link #time} and {@link #more} mean what the
 * algorithm says. All belong to whoever holds the lock.
 *
 * <p>One compare-and-set takes the lock. It is held for some nanoseconds of arithmetic, for longer
 * where all keys of the segment are looked at, and never while waiting for anything.
 */
public final class Counter {
  /** Of {@link #place}, while no key's numbers are here. */
  static final int NOWHERE = -1;

  /**
   * How long one stays away from a lock that is held. Looking takes its memory away from the
   * holder, and two threads that look all the time take more than twice as long for a charge.
   */
  private static final int PAUSES = 16;

  /** After so many looks, some microseconds, the holder is taken to have lost its processor. */
  private static final int LOOKS = 20;

  private static final Log[] NO_LOGS = {};

  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(Counter.class, "held", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private boolean held;

  /** Where the table has whose numbers these are, and its hash. */
  int place = NOWHERE;

  int hash;
  long used;
  long time;

  /** For algorithms that need a third number. */
  long more;

  /** The latest time that any key of the segment was asked with. */
  private long latest;

  /**
   * Those of all places, for the algorithm that needs logs. That nothing else is referred to is on
   * purpose: collectors want to know of each reference that is written.
   */
  @Nullable Log[] logs = NO_LOGS;

  Counter() {}

  /** The time, or the latest there was if the clock went back. */
  long forwards(long now) {
    latest = Math.max(latest, now);
    return latest;
  }

  /** That of the place, which it has. */
  Log log() {
    return Objects.requireNonNull(logs[place]);
  }

  /** Gives a counter that is begun its log; one of nobody's needs a place for that. */
  void log(Log log) {
    if (place == NOWHERE) {
      logs = new Log[1];
      place = 0;
    }
    logs[place] = log;
  }

  void lock() {
    int looks = 0;
    while (!HELD.weakCompareAndSetAcquire(this, false, true)) {
      stayAway(++looks);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on the yield but the waste of time
  private static void stayAway(int looks) {
    if (looks > LOOKS) {
      Thread.yield();
      return;
    }
    for (int i = 0; i < PAUSES; i++) {
      Thread.onSpinWait();
    }
  }

  /** Takes the lock if nobody has it. */
  boolean tryLock() {
    return HELD.compareAndSet(this, false, true);
  }

  /** Gives the lock back. Only for who has it. */
  public void unlock() {
    HELD.setRelease(this, false);
  }
}
