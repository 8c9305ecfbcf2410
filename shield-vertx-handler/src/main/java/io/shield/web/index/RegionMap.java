package io.shield.web.index;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of strings that is asked with a part of a string, without cutting it out. Beside
 * each slot stands its hash, so that what is not there is hardly ever compared; and what has
 * another beginning, length or last character than all keys is not even hashed.
 */
final class RegionMap<V> {
  /** No slot depends on it. */
  private static final int HIGHEST = 1 << 31;

  /** By slot; 0 where it is empty. */
  private final int[] hashes;

  /** By slot: the key, and behind it the value. */
  private final Object[] entries;

  /** With what all keys begin. */
  private final String start;

  /** The sum of the characters of that. */
  private final int startSum;

  /** A bit for each length of a key, modulo 64. */
  private long lengths;

  /** A bit for each last character of a key, as {@link #last} has it. */
  private long lasts;

  RegionMap(Map<String, ? extends V> content) {
    int bits = 33 - Integer.numberOfLeadingZeros(content.size() | 1);
    hashes = new int[1 << bits];
    entries = new Object[2 << bits];
    start = commonStart(content.keySet());
    startSum = sum(0, start, 0, start.length());
    content.forEach(this::add);
  }

  private static String commonStart(Collection<String> keys) {
    String common = null;
    for (String key : keys) {
      common = common == null ? key : common.substring(0, commonLength(common, key));
    }
    return common == null ? "" : common;
  }

  private static int commonLength(String one, String other) {
    int length = 0;
    while (length < Math.min(one.length(), other.length())
        && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return length;
  }

  private void add(String key, V value) {
    int hash = mixed(sum(0, key, 0, key.length()));
    int slot = slot(hash);
    while (hashes[slot] != 0) {
      slot = slot(slot + 1);
    }
    hashes[slot] = hash;
    entries[2 * slot] = key;
    entries[2 * slot + 1] = value;
    lengths |= 1L << key.length();
    lasts |= last(key, 0, key.length());
  }

  /** The value of the key that equals the characters from {@code from} to before {@code to}. */
  @Nullable V get(String text, int from, int to) {
    boolean none =
        (lengths & (1L << (to - from))) == 0
            || (lasts & last(text, from, to)) == 0
            || !text.startsWith(start, from);
    return none ? null : get(text, from, to, sum(startSum, text, from + start.length(), to));
  }

  /**
   * The same for whoever has the sum of the characters already.
   *
   * @param sum as {@link String#hashCode} has it
   */
  @SuppressWarnings("unchecked")
  @Nullable V get(String text, int from, int to, int sum) {
    int hash = mixed(sum);
    int slot = slot(hash);
    for (int found = hashes[slot]; found != 0; found = hashes[slot]) {
      if (found == hash && isRegion((String) entries[2 * slot], text, from, to)) {
        return (V) entries[2 * slot + 1];
      }
      slot = slot(slot + 1);
    }
    return null;
  }

  /** Whole strings are compared several characters at a time. */
  private static boolean isRegion(String key, String text, int from, int to) {
    return (from == 0 && to == text.length())
        ? key.equals(text)
        : key.length() == to - from && text.startsWith(key, from);
  }

  private int slot(int hash) {
    return hash & (hashes.length - 1);
  }

  /**
   * The bit of the last character: digits are apart from letters, of which the case is left out.
   */
  private static long last(String text, int from, int to) {
    int last = from == to ? 0 : text.charAt(to - 1);
    return 1L << ((last & 31) | ((last & 64) >> 1));
  }

  /**
   * Goes on with a sum. Four characters at a step, so that the processor need not finish one
   * multiplication before it begins the next.
   */
  private static int sum(int before, String text, int from, int to) {
    int sum = before;
    int i = from;
    for (; i < to - 3; i += 4) {
      sum =
          31 * 31 * 31 * 31 * sum
              + 31 * 31 * 31 * text.charAt(i)
              + 31 * 31 * text.charAt(i + 1)
              + 31 * text.charAt(i + 2)
              + text.charAt(i + 3);
    }
    for (; i < to; i++) {
      sum = 31 * sum + text.charAt(i);
    }
    return sum;
  }

  /** Names that count up would otherwise fill one stretch. Never 0. */
  private static int mixed(int sum) {
    int mixed = sum * 0x9E3779B9;
    return (mixed ^ (mixed >>> 16)) | HIGHEST;
  }
}
