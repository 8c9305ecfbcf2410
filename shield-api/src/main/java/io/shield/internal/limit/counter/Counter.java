package io.shield.internal.limit.counter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One key's counter, and an element of the table's chains. {@link #used} and {@link #time} mean
 * what the algorithm says and belong to whoever holds the lock.
 *
 * <p>The lock is a bit beside the hash, so that a counter is 40 bytes (with compressed pointers)
 * and one compare-and-set takes it. It is held for some nanoseconds of arithmetic and never while
 * waiting for anything.
 */
public class Counter {
  /** The bits of {@link #word} that hold the hash. */
  static final int HASH = 0x3fff_ffff;

  private static final int LOCKED = 0x8000_0000;
  private static final int GONE = 0x4000_0000;

  /**
   * How long one stays away from a lock that is held. Looking takes its memory away from the
   * holder, and two threads that look all the time take more than twice as long for a charge.
   */
  private static final int PAUSES = 16;

  /** After so many looks, some microseconds, the holder is taken to have lost its processor. */
  private static final int LOOKS = 20;

  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(Counter.class, "word", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final String key;
  volatile @Nullable Counter next;
  long used;
  long time;
  private int word;

  Counter(int hash, String key) {
    this.key = key;
    this.word = hash & HASH;
  }

  final int hash() {
    return word & HASH;
  }

  final boolean is(int hash, String key) {
    return hash() == hash && this.key.equals(key);
  }

  /** Takes the lock; false if the counter is no longer in the table. */
  final boolean lock() {
    int free = hash();
    int looks = 0;
    while (!WORD.weakCompareAndSetAcquire(this, free, free | LOCKED)) {
      if (((int) WORD.getOpaque(this) & GONE) != 0) {
        return false;
      }
      stayAway(++looks);
    }
    return true;
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

  /** Takes the lock if nobody has it and the counter is in the table. */
  final boolean tryLock() {
    int free = hash();
    return WORD.compareAndSet(this, free, free | LOCKED);
  }

  /** Gives the lock back. Only for who has it. */
  public final void unlock() {
    WORD.setRelease(this, hash());
  }

  /** Instead of unlocking: nobody can lock it again. */
  final void retire() {
    WORD.setRelease(this, hash() | GONE);
  }
}
