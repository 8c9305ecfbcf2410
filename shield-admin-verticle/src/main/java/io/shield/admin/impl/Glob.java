package io.shield.admin.impl;

import io.shield.error.InvalidValueException;
import io.shield.model.RouteKey;
import java.util.Arrays;

/**
 * A pattern of route keys: {@code *} stands for anything but a slash, {@code **} for anything,
 * {@code ?} for one character other than a slash. Matching follows all ways at once instead of
 * trying one after the other, so that its time is bounded by the product of both lengths, whatever
 * the pattern.
 */
public final class Glob {
  private static final int ONE = -1;
  private static final int SEGMENT = -2;
  private static final int ANYTHING = -3;

  /** Code points, and the three wildcards. */
  private final int[] pattern;

  private Glob(int[] pattern) {
    this.pattern = pattern;
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
    int[] given = text.codePoints().toArray();
    int[] pattern = new int[given.length];
    int length = 0;
    for (int i = 0; i < given.length; i++) {
      int token = given[i] == '*' ? SEGMENT : given[i] == '?' ? ONE : given[i];
      while (given[i] == '*' && i + 1 < given.length && given[i + 1] == '*') {
        token = ANYTHING;
        i++;
      }
      pattern[length++] = token;
    }
    return new Glob(Arrays.copyOf(pattern, length));
  }

  /** Whether a route key fits. */
  public boolean matches(String key) {
    boolean[] reached = new boolean[pattern.length + 1];
    reached[0] = true;
    skipStars(reached);
    int[] characters = key.codePoints().toArray();
    for (int character : characters) {
      reached = after(character, reached);
    }
    return reached[pattern.length];
  }

  /** The places in the pattern that are reached by one more character. */
  private boolean[] after(int character, boolean[] before) {
    boolean[] reached = new boolean[before.length];
    for (int i = 0; i < pattern.length; i++) {
      if (before[i]) {
        boolean star = pattern[i] == SEGMENT || pattern[i] == ANYTHING;
        reached[star ? i : i + 1] |= accepts(pattern[i], character);
      }
    }
    skipStars(reached);
    return reached;
  }

  /** A star may stand for nothing. */
  private void skipStars(boolean[] reached) {
    for (int i = 0; i < pattern.length; i++) {
      reached[i + 1] |= reached[i] && (pattern[i] == SEGMENT || pattern[i] == ANYTHING);
    }
  }

  private static boolean accepts(int token, int character) {
    return switch (token) {
      case ANYTHING -> true;
      case ONE, SEGMENT -> character != '/';
      default -> token == character;
    };
  }
}
