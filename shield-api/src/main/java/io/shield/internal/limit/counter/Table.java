package io.shield.internal.limit.counter;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A segment's keys and their numbers, side by side in arrays: 24 bytes for a place, eight more for
 * an algorithm that needs a third number. An open hash table with linear probing, of which at most
 * seven eighths are taken. For whoever holds the lock of its {@link Counter}.
 *
 * <p>The numbers of the key on which the counter stands are in the counter; where the table has
 * them they are old.
 */
final class Table {
  private static final int FIRST_CAPACITY = 4;

  /** Beside each hash, so that none is 0, which an empty place has. */
  private static final int TAKEN = 0x4000_0000;

  /** The bits of a hash. */
  static final int HASH = TAKEN - 1;

  private static final int[] NO_HASHES = {};
  private static final String[] NO_KEYS = {};
  private static final long[] NO_NUMBERS = {};

  private final int mostCapacity;
  private final int shift;
  private final int width;
  private final boolean logged;
  private final Counter counter;

  private int[] hashes = NO_HASHES;
  private @Nullable String[] keys = NO_KEYS;
  private long[] numbers = NO_NUMBERS;
  private int size;
  private int room;

  /**
   * An empty one.
   *
   * @param maxKeys never more than these are put into it
   * @param shift how many low bits of a hash are its own: the others choose the segment
   * @param counter what stands on one of its places
   */
  Table(Algorithm algorithm, int maxKeys, int shift, Counter counter) {
    this.mostCapacity = (int) Math.min(Integer.MAX_VALUE >> 2, maxKeys * 8L / 7 + 1);
    this.shift = shift;
    this.width = algorithm.needsMore() ? 3 : 2;
    this.logged = algorithm.hasLog();
    this.counter = counter;
  }

  int size() {
    return size;
  }

  int capacity() {
    return hashes.length;
  }

  boolean isTaken(int place) {
    return hashes[place] != 0;
  }

  boolean has(int place, int hash) {
    return hashes[place] == (hash | TAKEN);
  }

  int next(int place) {
    int next = place + 1;
    return next < hashes.length ? next : 0;
  }

  int before(int place) {
    return place > 0 ? place - 1 : hashes.length - 1;
  }

  /** A place that is not taken, of a table that has any. */
  int empty() {
    int place = 0;
    while (isTaken(place)) {
      place++;
    }
    return place;
  }

  /** Where a hash is looked for first. */
  int home(int hash) {
    long own = hash & ((1 << shift) - 1);
    return (int) ((own * hashes.length) >>> shift);
  }

  /** Puts the counter on a key; false if the table does not have it. */
  boolean find(int hash, String key) {
    if (counter.place != Counter.NOWHERE
        && counter.hash == hash
        && key.equals(keys[counter.place])) {
      return true;
    }
    if (size == 0) {
      return false;
    }
    for (int place = home(hash); hashes[place] != 0; place = next(place)) {
      if (has(place, hash) && key.equals(keys[place])) {
        at(place);
        return true;
      }
    }
    return false;
  }

  String key(int place) {
    return Objects.requireNonNull(keys[place]);
  }

  /** The counter, with the numbers of a place that is taken. */
  Counter at(int place) {
    if (counter.place != place) {
      leave();
      int number = place * width;
      counter.place = place;
      counter.hash = hashes[place] & HASH;
      counter.used = numbers[number];
      counter.time = numbers[number + 1];
      if (width > 2) {
        counter.more = numbers[number + 2];
      }
    }
    return counter;
  }

  /** Notes what the counter has, which then stands nowhere. */
  private void leave() {
    int place = counter.place;
    if (place == Counter.NOWHERE) {
      return;
    }
    int number = place * width;
    numbers[number] = counter.used;
    numbers[number + 1] = counter.time;
    if (width > 2) {
      numbers[number + 2] = counter.more;
    }
    counter.place = Counter.NOWHERE;
  }

  /** A place for a key that the table does not have, all zeros; the counter stands on it. */
  Counter insert(int hash, String key) {
    leave();
    if (size >= room) {
      grow(hash);
    }
    int place = home(hash);
    while (hashes[place] != 0) {
      place = next(place);
    }
    hashes[place] = hash | TAKEN;
    keys[place] = key;
    size++;
    return at(place);
  }

  /**
   * By a sixteenth to three sixteenths, which the hash of the new key decides: segments that are
   * equally full do not grow at the same time.
   */
  private void grow(int hash) {
    int before = hashes.length;
    int more = before / 16 + (int) ((long) before * (hash & 0xff) >> 11);
    int capacity = Math.min(mostCapacity, before + Math.max(FIRST_CAPACITY, more));
    int[] oldHashes = hashes;
    @Nullable String[] oldKeys = keys;
    long[] oldNumbers = numbers;
    @Nullable Log[] oldLogs = counter.logs;
    int[] newHashes = new int[capacity];
    @Nullable String[] newKeys = new String[capacity];
    long[] newNumbers = new long[capacity * width];
    @Nullable Log[] newLogs = new Log[logged ? capacity : 0];
    hashes = newHashes;
    keys = newKeys;
    numbers = newNumbers;
    counter.logs = newLogs;
    room = capacity - Math.max(1, capacity / 8);
    for (int old = 0; old < before; old++) {
      if (oldHashes[old] != 0) {
        int place = home(oldHashes[old]);
        while (newHashes[place] != 0) {
          place = next(place);
        }
        newHashes[place] = oldHashes[old];
        newKeys[place] = oldKeys[old];
        System.arraycopy(oldNumbers, old * width, newNumbers, place * width, width);
        if (logged) {
          newLogs[place] = oldLogs[old];
        }
      }
    }
  }

  /**
   * Forgets a key. Those behind it that would not be found across the gap move into it.
   *
   * @see "Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm R"
   */
  void remove(int place) {
    leave();
    int gap = place;
    for (int from = next(gap); hashes[from] != 0; from = next(from)) {
      int home = home(hashes[from]);
      boolean between = gap < from ? gap < home && home <= from : gap < home || home <= from;
      if (!between) {
        move(from, gap);
        gap = from;
      }
    }
    hashes[gap] = 0;
    keys[gap] = null;
    Arrays.fill(numbers, gap * width, (gap + 1) * width, 0);
    if (logged) {
      counter.logs[gap] = null;
    }
    size--;
  }

  private void move(int from, int to) {
    hashes[to] = hashes[from];
    keys[to] = keys[from];
    System.arraycopy(numbers, from * width, numbers, to * width, width);
    if (logged) {
      counter.logs[to] = counter.logs[from];
    }
  }

  /** Forgets all keys. */
  void clear() {
    counter.place = Counter.NOWHERE;
    hashes = NO_HASHES;
    keys = NO_KEYS;
    numbers = NO_NUMBERS;
    counter.logs = new Log[0];
    size = 0;
    room = 0;
  }
}
