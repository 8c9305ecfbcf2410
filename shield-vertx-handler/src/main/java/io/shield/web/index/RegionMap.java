package io.shield.web.index;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of strings that is asked with a part of a string, without cutting it out. Beside
 * each slot stands its hash, so that what is not there is hardly ever compared; and what has
 * another length or another last character than all keys is not even hashed, as an identifier that
 * stands where others are words.
 */
final class RegionMap<V> {
  /** No slot depends on it. */
  private static final int HIGHEST = 1 << 31;

  /** By slot; 0 where it is empty. */
  private final int[] hashes;

  /** By slot: the key, and behind it the value. */
  private final Object[] entries;

  /** A bit for each length of a key, modulo 64. */
  private long lengths;

  /** A bit for each last character of a key, as {@link #last} has it. */
  private long lasts;

  RegionMap(Map<String, ? extends V> content) {
    int bits = 33 - Integer.numberOfLeadingZeros(content.size() | 1);
    hashes = new int[1 << bits];
    entries = new Object[2 << bits];
    content.forEach(this::add);
  }

  private void add(String key, V value) {
    int hash = hash(key, 0, key.length());
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
  @SuppressWarnings("unchecked")
  @Nullable V get(String text, int from, int to) {
    if ((lengths & (1L << (to - from))) == 0 || (lasts & last(text, from, to)) == 0) {
      return null;
    }
    int hash = hash(text, from, to);
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
   * Four characters at a step, so that the processor need not finish one multiplication before it
   * begins the next. Mixed at the end, because names that count up would otherwise fill one
   * stretch. Never 0.
   */
  private static int hash(String text, int from, int to) {
    int hash = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      hash =
          31 * 31 * 31 * 31 * hash
              + 31 * 31 * 31 * text.charAt(i)
              + 31 * 31 * text.charAt(i + 1)
              + 31 * text.charAt(i + 2)
              + text.charAt(i + 3);
    }
    for (; i < to; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 16)) | HIGHEST;
  }
}
