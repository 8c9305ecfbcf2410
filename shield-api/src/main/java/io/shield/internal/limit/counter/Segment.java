package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter;
import io.shield.spi.limit.LiveCounter.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a limiter's keys, with a lock of its own for all that is done to them.
 *
 * <p>When the rule is replaced, the counters are moved to the successor, and so is who asks later.
 */
final class Segment {
  /** More keys with one hash than these were made on purpose. */
  private static final int MOST_COLLIDING = 16;

  /** At how many places a new key looks for counters that are idle. */
  private static final int SWEPT_PLACES = 2;

  /** How many counters are looked at for one that can make room, and how many are compared. */
  private static final int MAX_LOOKS = 64;

  private static final int COMPARED = 8;

  private final Algorithm algorithm;
  private final int maxKeys;
  private final LongAdder uncounted;
  private final Counter counter = new Counter();
  private final Table table;
  private int hand;

  private @Nullable Limiter successor;

  /**
   * An empty one.
   *
   * @param maxKeys how many keys it has at most
   * @param shift how many low bits of a hash are its own: the others choose the segment
   * @param begun no key's time is before this
   */
  Segment(Algorithm algorithm, int maxKeys, int shift, LongAdder uncounted, long begun) {
    this.algorithm = algorithm;
    this.maxKeys = maxKeys;
    this.uncounted = uncounted;
    counter.forwards(begun);
    this.table = new Table(algorithm, maxKeys, shift, counter);
  }

  /** Not one after the other: there may have been many replacements since. */
  private @Nullable Limiter heir() {
    Limiter next = successor;
    if (next != null) {
      next = next.latestHeir();
      successor = next;
    }
    return next;
  }

  /** The counter of a key, to be unlocked soon; null if there is none or all has moved. */
  @Nullable Counter lock(int hash, String key) {
    counter.lock();
    return found(hash, key);
  }

  /** As {@link #lock}; also null if another thread is at one of the segment's counters. */
  @Nullable Counter tryLock(int hash, String key) {
    return counter.tryLock() ? found(hash, key) : null;
  }

  private @Nullable Counter found(int hash, String key) {
    if (table.find(hash, key)) {
      return counter;
    }
    counter.unlock();
    return null;
  }

  long charge(int hash, String key, long cost, long now) {
    Limiter heir;
    counter.lock();
    try {
      heir = heir();
      if (heir == null) {
        long time = counter.forwards(now);
        long answer = cost > algorithm.capacity ? Limiter.NEVER : charged(hash, key, cost, time);
        return Limiter.answer(answer, now, time);
      }
    } finally {
      counter.unlock();
    }
    return heir.charge(key, cost, now);
  }

  private long charged(int hash, String key, long cost, long now) {
    if (!table.find(hash, key)) {
      if (!makeRoom(hash, now)) {
        uncounted.increment();
        return algorithm.capacity - cost;
      }
      algorithm.begin(table.insert(hash, key), now);
    }
    return algorithm.charge(counter, cost, now);
  }

  long peek(int hash, String key, long cost, long now) {
    Limiter heir;
    counter.lock();
    try {
      heir = heir();
      if (heir == null) {
        if (cost > algorithm.capacity) {
          return Limiter.NEVER;
        }
        long time = counter.forwards(now);
        Counter asked = table.find(hash, key) ? counter : algorithm.counter(time);
        return Limiter.answer(algorithm.peek(asked, cost, time), now, time);
      }
    } finally {
      counter.unlock();
    }
    return heir.peek(key, cost, now);
  }

  long resetAfter(int hash, String key, long now) {
    Limiter heir;
    counter.lock();
    try {
      heir = heir();
      if (heir == null) {
        long time = counter.forwards(now);
        long after = table.find(hash, key) ? algorithm.resetAfter(counter, time) : 0;
        return after == 0 ? 0 : after + (time - now);
      }
    } finally {
      counter.unlock();
    }
    return heir.resetAfterMicros(key, now);
  }

  void reset(int hash, String key) {
    Limiter heir;
    counter.lock();
    try {
      heir = heir();
      if (heir == null && table.find(hash, key)) {
        table.remove(counter.place);
      }
    } finally {
      counter.unlock();
    }
    if (heir != null) {
      heir.reset(key);
    }
  }

  void resetAll() {
    Limiter heir;
    counter.lock();
    try {
      heir = heir();
      table.clear();
    } finally {
      counter.unlock();
    }
    if (heir != null) {
      heir.resetAll();
    }
  }

  int size() {
    counter.lock();
    try {
      return table.size();
    } finally {
      counter.unlock();
    }
  }

  /** Drops idle counters. */
  void sweep(long now) {
    counter.lock();
    try {
      long time = counter.forwards(now);
      if (table.size() > 0) {
        // Down from an empty place: those behind a gap, which may move into it, were looked at.
        int end = table.empty();
        for (int place = table.before(end); place != end; place = table.before(place)) {
          dropIfIdle(place, time);
        }
      }
    } finally {
      counter.unlock();
    }
  }

  /** As long as idle ones move into the place. */
  private void dropIfIdle(int place, long now) {
    while (table.isTaken(place) && algorithm.isIdle(table.at(place), now)) {
      table.remove(place);
    }
  }

  /** Drops some idle counters, and another if there is no room without. */
  private boolean makeRoom(int hash, long now) {
    if (table.size() == 0) {
      return true;
    }
    for (int i = 0; i < SWEPT_PLACES; i++) {
      hand = table.next(hand);
      dropIfIdle(hand, now);
    }
    if (colliding(hash) >= MOST_COLLIDING) {
      return new Victim(now).amongColliding(hash);
    }
    return table.size() < maxKeys || new Victim(now).amongNext();
  }

  private int colliding(int hash) {
    int count = 0;
    for (int place = table.home(hash); table.isTaken(place); place = table.next(place)) {
      if (table.has(place, hash)) {
        count++;
      }
    }
    return count;
  }

  /** The counter that is dropped for another: that has most left; none that has nothing left. */
  private final class Victim {
    private final long now;
    private int found = Counter.NOWHERE;
    private long most;
    private int compared;

    Victim(long now) {
      this.now = now;
    }

    boolean amongColliding(int hash) {
      for (int place = table.home(hash); table.isTaken(place); place = table.next(place)) {
        if (table.has(place, hash)) {
          compare(place);
        }
      }
      return dropped();
    }

    boolean amongNext() {
      int looks = Math.min(MAX_LOOKS, table.capacity());
      for (int i = 0; i < looks && compared < COMPARED; i++) {
        hand = table.next(hand);
        if (table.isTaken(hand)) {
          compare(hand);
        }
      }
      return dropped();
    }

    private void compare(int place) {
      Counter candidate = table.at(place);
      algorithm.advance(candidate, now);
      long free = algorithm.free(candidate, now);
      if (free > 0) {
        compared++;
      }
      if (free > most) {
        found = place;
        most = free;
      }
    }

    private boolean dropped() {
      if (found == Counter.NOWHERE) {
        return false;
      }
      table.remove(found);
      return true;
    }
  }

  List<LiveCounter> live(long now) {
    counter.lock();
    try {
      long time = counter.forwards(now);
      return inUse(each -> algorithm.uses(each, time));
    } finally {
      counter.unlock();
    }
  }

  private List<LiveCounter> inUse(Function<Counter, List<Use>> uses) {
    List<LiveCounter> inUse = new ArrayList<>();
    for (int place = 0; place < table.capacity(); place++) {
      List<Use> some = table.isTaken(place) ? uses.apply(table.at(place)) : List.of();
      if (!some.isEmpty()) {
        inUse.add(new LiveCounter(table.key(place), some));
      }
    }
    return inUse;
  }

  void restore(int hash, LiveCounter saved, long now) {
    Limiter heir;
    counter.lock();
    try {
      heir = heir();
      if (heir == null) {
        restored(hash, saved, counter.forwards(now));
      }
    } finally {
      counter.unlock();
    }
    if (heir != null) {
      heir.restore(saved, now);
    }
  }

  private void restored(int hash, LiveCounter saved, long now) {
    Counter before = counterOf(saved, now);
    if (before == null || algorithm.isIdle(before, now)) {
      return;
    }
    if (table.find(hash, saved.key())) {
      algorithm.uses(before, now).forEach(use -> algorithm.add(counter, use.units(), now));
    } else if (makeRoom(hash, now)) {
      Counter restored = table.insert(hash, saved.key());
      restored.used = before.used;
      restored.time = before.time;
      restored.more = before.more;
      if (algorithm.hasLog()) {
        restored.log(before.log());
      }
    }
  }

  /** What was used later than now, by another clock, counts as used now. */
  private @Nullable Counter counterOf(LiveCounter saved, long now) {
    Counter saving = null;
    for (Use use : saved.uses()) {
      long at = Math.min(use.atMicros(), now);
      if (saving == null) {
        saving = algorithm.counter(at);
      }
      algorithm.add(saving, use.units(), at);
    }
    return saving;
  }

  /** No key's time is before this one from now on. */
  void standAt(long time) {
    counter.lock();
    try {
      counter.forwards(time);
    } finally {
      counter.unlock();
    }
  }

  /**
   * Hands all counters over; from then on the successor is asked instead.
   *
   * @param place which segment it is, of its limiter and of the successor
   * @param rule what it has counted by
   */
  void moveTo(Limiter heir, int place, LimitRule rule) {
    counter.lock();
    try {
      if (successor != null) {
        throw new IllegalStateException("this limiter was replaced before");
      }
      // Before anybody is told to ask there.
      long time = counter.forwards(heir.begun());
      heir.standAt(place, time);
      Rescaling rescaling = new Rescaling(rule, heir.rule(), time);
      inUse(each -> rescaling.apply(algorithm, each)).forEach(moved -> heir.restore(moved, time));
      table.clear();
      successor = heir;
    } finally {
      counter.unlock();
    }
  }
}
