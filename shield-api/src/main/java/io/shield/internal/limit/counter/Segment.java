package io.shield.internal.limit.counter;

import io.shield.spi.limit.LiveCounter;
import io.shield.spi.limit.LiveCounter.Use;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A part of the table: slots, each with a chain of counters.
 *
 * <p>{@link #find} takes no lock. It may miss a counter while the table changes but never finds a
 * wrong one; whoever misses looks again under the segment's lock. All else is done under that lock.
 * A counter that is taken out is retired under its own lock, so that nobody charges it after that,
 * and keeps its place in the chain it was in, so that nobody who stands on it is led astray.
 *
 * <p>When the rule is replaced, the counters are moved to the successor, and so is who asks later.
 */
final class Segment {
  private static final int FIRST_LENGTH = 4;

  /** Chains are about one long. One longer than this was made on purpose, of colliding keys. */
  private static final int LONGEST_CHAIN = 16;

  /** In how many slots a new key looks for counters that are idle. */
  private static final int SWEPT_SLOTS = 2;

  /** How many counters are looked at for one that can make room, and how many are compared. */
  private static final int MAX_LOOKS = 64;

  private static final int COMPARED = 8;

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Counter[].class);

  private final Algorithm algorithm;
  private final int maxKeys;
  private final LongAdder uncounted;
  private volatile @Nullable Counter[] table = new Counter[FIRST_LENGTH];
  private int size;
  private int hand;

  private @Nullable Limiter successor;

  Segment(Algorithm algorithm, int maxKeys, LongAdder uncounted) {
    this.algorithm = algorithm;
    this.maxKeys = maxKeys;
    this.uncounted = uncounted;
  }

  @Nullable Counter find(int hash, String key) {
    @Nullable Counter[] slots = table;
    Counter counter = (Counter) SLOT.getAcquire(slots, hash & (slots.length - 1));
    while (counter != null && !counter.is(hash, key)) {
      counter = counter.next;
    }
    return counter;
  }

  /** Not one after the other: there may have been many replacements since. */
  private Limiter heir(Limiter next) {
    Limiter heir = next.latestHeir();
    successor = heir;
    return heir;
  }

  synchronized long charge(int hash, String key, long cost, long now) {
    if (successor != null) {
      return heir(successor).charge(key, cost, now);
    }
    if (cost > algorithm.capacity) {
      return Limiter.NEVER;
    }
    Counter known = lock(hash, key);
    if (known == null) {
      return chargeNew(hash, key, cost, now);
    }
    try {
      return algorithm.charge(known, cost, now);
    } finally {
      known.unlock();
    }
  }

  private long chargeNew(int hash, String key, long cost, long now) {
    if (!makeRoom(hash, now)) {
      uncounted.increment();
      return algorithm.capacity - cost;
    }
    Counter counter = algorithm.counter(hash, key, now);
    long answer = algorithm.charge(counter, cost, now);
    insert(counter);
    return answer;
  }

  /** The key's counter, locked. None is retired while the segment's lock is held. */
  private @Nullable Counter lock(int hash, String key) {
    Counter counter = find(hash, key);
    if (counter != null) {
      counter.lock();
    }
    return counter;
  }

  synchronized long peek(int hash, String key, long cost, long now) {
    if (successor != null) {
      return heir(successor).peek(key, cost, now);
    }
    if (cost > algorithm.capacity) {
      return Limiter.NEVER;
    }
    Counter known = lock(hash, key);
    if (known == null) {
      return algorithm.peek(algorithm.counter(hash, key, now), cost, now);
    }
    try {
      return algorithm.peek(known, cost, now);
    } finally {
      known.unlock();
    }
  }

  synchronized long resetAfter(int hash, String key, long now) {
    if (successor != null) {
      return heir(successor).resetAfterMicros(key, now);
    }
    Counter known = lock(hash, key);
    if (known == null) {
      return 0;
    }
    try {
      return algorithm.resetAfter(known, now);
    } finally {
      known.unlock();
    }
  }

  synchronized void reset(int hash, String key) {
    if (successor != null) {
      heir(successor).reset(key);
      return;
    }
    Counter known = lock(hash, key);
    if (known != null) {
      remove(known);
    }
  }

  synchronized void resetAll() {
    if (successor != null) {
      heir(successor).resetAll();
      return;
    }
    clear();
  }

  private void clear() {
    for (Counter counter : counters()) {
      counter.lock();
      counter.retire();
    }
    table = new Counter[FIRST_LENGTH];
    size = 0;
    hand = 0;
  }

  private List<Counter> counters() {
    List<Counter> all = new ArrayList<>(size);
    for (Counter head : table) {
      for (Counter counter = head; counter != null; counter = counter.next) {
        all.add(counter);
      }
    }
    return all;
  }

  synchronized int size() {
    return size;
  }

  /** Drops idle counters. */
  synchronized void sweep(long now) {
    for (Counter counter : counters()) {
      dropIfIdle(counter, now);
    }
  }

  private boolean dropIfIdle(Counter counter, long now) {
    counter.lock();
    if (!algorithm.isIdle(counter, now)) {
      counter.unlock();
      return false;
    }
    remove(counter);
    return true;
  }

  /** Takes a counter, whose lock is held, out of its chain. */
  private void remove(Counter gone) {
    @Nullable Counter[] slots = table;
    int slot = gone.hash() & (slots.length - 1);
    Counter before = slots[slot];
    if (before == gone) {
      SLOT.setRelease(slots, slot, gone.next);
    } else {
      while (before != null && before.next != gone) {
        before = before.next;
      }
      if (before != null) {
        before.next = gone.next;
      }
    }
    gone.retire();
    size--;
  }

  private void insert(Counter counter) {
    if (size >= table.length) {
      grow();
    }
    put(table, counter);
    size++;
  }

  private static void put(@Nullable Counter[] slots, Counter counter) {
    int slot = counter.hash() & (slots.length - 1);
    counter.next = slots[slot];
    SLOT.setRelease(slots, slot, counter);
  }

  /** Who is looking meanwhile may follow a counter into its new chain, and misses. */
  private void grow() {
    @Nullable Counter[] longer = new Counter[2 * table.length];
    for (Counter counter : counters()) {
      put(longer, counter);
    }
    table = longer;
  }

  /** Drops some idle counters, and another if there is no room without. */
  private boolean makeRoom(int hash, long now) {
    for (int i = 0; i < SWEPT_SLOTS; i++) {
      hand = (hand + 1) & (table.length - 1);
      for (Counter counter = table[hand]; counter != null; counter = counter.next) {
        dropIfIdle(counter, now);
      }
    }
    int slot = hash & (table.length - 1);
    if (chainLength(slot) >= LONGEST_CHAIN) {
      return evict(slot, 1, now);
    }
    if (size < maxKeys) {
      return true;
    }
    boolean evicted = evict(hand, table.length, now);
    hand = (hand + MAX_LOOKS / 2) & (table.length - 1);
    return evicted;
  }

  private int chainLength(int slot) {
    int length = 0;
    for (Counter counter = table[slot]; counter != null; counter = counter.next) {
      length++;
    }
    return length;
  }

  /** Drops, of some counters, the one that has most left; none that has nothing left. */
  private boolean evict(int firstSlot, int slots, long now) {
    Counter victim = null;
    long most = 0;
    int looks = 0;
    int compared = 0;
    for (int i = 0; i < slots && looks < MAX_LOOKS && compared < COMPARED; i++) {
      int slot = (firstSlot + i) & (table.length - 1);
      for (Counter counter = table[slot]; counter != null; counter = counter.next) {
        looks++;
        long free = free(counter, now);
        if (free > 0) {
          compared++;
        }
        if (free > most) {
          victim = counter;
          most = free;
        }
      }
    }
    if (victim == null) {
      return false;
    }
    victim.lock();
    if (algorithm.free(victim, now) < 1) {
      victim.unlock();
      return false;
    }
    remove(victim);
    return true;
  }

  private long free(Counter counter, long now) {
    counter.lock();
    try {
      algorithm.advance(counter, now);
      return algorithm.free(counter, now);
    } finally {
      counter.unlock();
    }
  }

  synchronized List<LiveCounter> live(long now) {
    List<LiveCounter> live = new ArrayList<>();
    for (Counter counter : counters()) {
      counter.lock();
      List<Use> uses = algorithm.uses(counter, now);
      counter.unlock();
      if (!uses.isEmpty()) {
        live.add(new LiveCounter(counter.key, uses));
      }
    }
    return live;
  }

  synchronized void restore(int hash, LiveCounter saved, long now) {
    if (successor != null) {
      heir(successor).restore(saved, now);
      return;
    }
    Counter restored = restored(hash, saved, now);
    if (restored == null || algorithm.isIdle(restored, now)) {
      return;
    }
    Counter known = lock(hash, saved.key());
    if (known == null) {
      if (makeRoom(hash, now)) {
        insert(restored);
      }
      return;
    }
    try {
      algorithm.uses(restored, now).forEach(use -> algorithm.add(known, use.units(), now));
    } finally {
      known.unlock();
    }
  }

  /** What was used later than now, by another clock, counts as used now. */
  private @Nullable Counter restored(int hash, LiveCounter saved, long now) {
    Counter counter = null;
    for (Use use : saved.uses()) {
      long at = Math.min(use.atMicros(), now);
      if (counter == null) {
        counter = algorithm.counter(hash, saved.key(), at);
      }
      algorithm.add(counter, use.units(), at);
    }
    return counter;
  }

  /** Hands all counters over; from then on the successor is asked instead. */
  synchronized void moveTo(Limiter heir, Rescaling rescaling) {
    if (successor != null) {
      throw new IllegalStateException("this limiter was replaced before");
    }
    for (Counter counter : counters()) {
      counter.lock();
      List<Use> uses = rescaling.apply(algorithm, counter);
      counter.retire();
      heir.restore(new LiveCounter(counter.key, uses), rescaling.now());
    }
    table = new Counter[FIRST_LENGTH];
    size = 0;
    successor = heir;
  }
}
