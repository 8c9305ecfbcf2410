package io.shield.admin.impl;

import io.shield.error.InvalidValueException;
import io.shield.model.RouteKey;
import java.util.HashMap;
import java.util.Map;

/**
 * A pattern of route keys: {@code *} stands for anything but a slash, {@code **} for anything,
 * {@code ?} for one character other than a slash.
 *
 * <p>Matching follows all ways at once, a bit for each place in the pattern that may be reached
 * (the <i>shift-and</i> method of Baeza-Yates and Gonnet, "A new approach to text searching",
 * 1992). A character of a key costs a few operations for each 64 of the pattern, whatever the
 * pattern is.
 */
public final class Glob {
  private final int length;

  /** The places of stars, which may be passed over. */
  private final long[] stars;

  /** The places of {@code **}, which take any character and stay. */
  private final long[] anything;

  /** The places of question marks. */
  private final long[] one;

  /** The places that take a certain character. */
  private final Map<Integer, long[]> literals = new HashMap<>();

  private Glob(int[] given) {
    int words = given.length / Long.SIZE + 1;
    stars = new long[words];
    anything = new long[words];
    one = new long[words];
    int place = 0;
    for (int i = 0; i < given.length; i++, place++) {
      switch (given[i]) {
        case '*' -> {
          set(stars, place);
          while (i + 1 < given.length && given[i + 1] == '*') {
            set(anything, place);
            i++;
          }
        }
        case '?' -> set(one, place);
        default -> set(literals.computeIfAbsent(given[i], c -> new long[words]), place);
      }
    }
    length = place;
  }

  /**
   * Reads a pattern.
   *
   * @throws InvalidValueException if it is empty or longer than a route key
   */
  public static Glob of(String text) {
    if (text.isEmpty() || text.length() > RouteKey.MAX_LENGTH) {
      throw new InvalidValueException("glob", text, "1 to " + RouteKey.MAX_LENGTH + " characters");
    }
    return new Glob(text.codePoints().toArray());
  }

  /** Whether a route key fits. */
  public boolean matches(String key) {
    long[] reached = new long[stars.length];
    set(reached, 0);
    passStars(reached);
    int c;
    for (int i = 0; i < key.length(); i += Character.charCount(c)) {
      c = key.codePointAt(i);
      if (!advance(reached, c)) {
        return false;
      }
    }
    return ((reached[length / Long.SIZE] >>> length) & 1) != 0;
  }

  /** Goes on by a character; false if no place is reached by it. */
  private boolean advance(long[] reached, int c) {
    long[] literal = literals.get(c);
    long carry = 0;
    long any = 0;
    for (int word = 0; word < reached.length; word++) {
      long taking = literal == null ? 0 : literal[word];
      long staying = anything[word];
      if (c != '/') {
        taking |= one[word];
        staying = stars[word];
      }
      long taken = reached[word] & taking;
      reached[word] = (reached[word] & staying) | (taken << 1) | carry;
      carry = taken >>> (Long.SIZE - 1);
      any |= reached[word];
    }
    passStars(reached);
    return any != 0;
  }

  /** A star may stand for nothing. Two never stand side by side, so that once is enough. */
  private void passStars(long[] reached) {
    long carry = 0;
    for (int word = 0; word < reached.length; word++) {
      long passed = reached[word] & stars[word];
      reached[word] |= (passed << 1) | carry;
      carry = passed >>> (Long.SIZE - 1);
    }
  }

  private static void set(long[] bits, int place) {
    bits[place / Long.SIZE] |= 1L << place;
  }
}
