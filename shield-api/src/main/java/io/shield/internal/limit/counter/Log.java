package io.shield.internal.limit.counter;

import java.util.Arrays;

/** A ring of moments and the units used then, oldest first. It grows when needed. */
final class Log {
  private static final int FIRST_LENGTH = 4;

  /** Moments at even places, units behind them. */
  private long[] ring = new long[2 * FIRST_LENGTH];

  private int head;
  private int size;

  int size() {
    return size;
  }

  long at(int i) {
    return ring[place(i)];
  }

  long units(int i) {
    return ring[place(i) + 1];
  }

  private int place(int i) {
    return (2 * (head + i)) & (ring.length - 1);
  }

  void append(long units, long at) {
    if (2 * size == ring.length) {
      grow();
    }
    int place = place(size++);
    ring[place] = at;
    ring[place + 1] = units;
  }

  /** The ring is full: its oldest entry is moved to the front of one twice as long. */
  private void grow() {
    long[] longer = Arrays.copyOf(ring, 2 * ring.length);
    int start = place(0);
    int tail = ring.length - start;
    System.arraycopy(ring, start, longer, 0, tail);
    System.arraycopy(ring, 0, longer, tail, start);
    ring = longer;
    head = 0;
  }

  void addToLast(long units, long at) {
    int place = place(size - 1);
    ring[place] = at;
    ring[place + 1] += units;
  }

  /** Says how many units of those that were asked for could be taken back. */
  long takeBack(int i, long units) {
    long back = Math.min(units, units(i));
    ring[place(i) + 1] -= back;
    while (size > 0 && units(size - 1) == 0) {
      size--;
    }
    return back;
  }

  /** Drops what was used at a moment or before, and says how many units that were. */
  long dropUntil(long moment) {
    long dropped = 0;
    while (size > 0 && at(0) <= moment) {
      dropped += units(0);
      head = (head + 1) & (ring.length / 2 - 1);
      size--;
    }
    return dropped;
  }
}
