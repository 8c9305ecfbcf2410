package io.shield.internal.value;

import io.shield.error.InvalidValueException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks the records share, so that every message has one form. */
public final class Checks {
  /** The first moment that the formats can write. */
  public static final Instant EARLIEST = Instant.EPOCH;

  /** The last moment that the formats can write. */
  public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Checks() {}

  private static boolean breaksLine(char c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  /** Whether half a character stands at {@code i}: such a text cannot be written as UTF-8. */
  public static boolean isUnpaired(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  public static int range(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidValueException(field, value, "between " + min + " and " + max);
    }
    return value;
  }

  public static long atLeast(String field, long value, long min) {
    if (value < min) {
      throw new InvalidValueException(field, value, "at least " + min);
    }
    return value;
  }

  public static Instant time(String field, Instant value) {
    Objects.requireNonNull(value, field);
    if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
      throw new InvalidValueException(field, value, "between the years 1970 and 9999");
    }
    return value;
  }

  public static @Nullable Instant optionalTime(String field, @Nullable Instant value) {
    return value == null ? null : time(field, value);
  }

  /** Free text for people: line breaks and tabs are fine, other control characters are not. */
  public static String text(String field, String value, int max) {
    Objects.requireNonNull(value, field);
    if (value.length() > max) {
      throw new InvalidValueException(field, value, "at most " + max + " characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t') {
        throw new InvalidValueException(field, value, "free of control characters");
      }
    }
    return encodable(field, value);
  }

  /** Any text that can be written as UTF-8 and read again. */
  public static String encodable(String field, String value) {
    Objects.requireNonNull(value, field);
    for (int i = 0; i < value.length(); i++) {
      if (isUnpaired(value, i)) {
        throw new InvalidValueException(field, value, "free of unpaired surrogates");
      }
    }
    return value;
  }

  /** One line that may be written into a header or a log: no control characters at all. */
  public static String line(String field, String value, int max) {
    text(field, value, max);
    for (int i = 0; i < value.length(); i++) {
      if (breaksLine(value.charAt(i))) {
        throw new InvalidValueException(field, value, "one line");
      }
    }
    return value;
  }

  public static @Nullable String optionalLine(String field, @Nullable String value, int max) {
    return value == null ? null : line(field, value, max);
  }

  public static String nonEmptyLine(String field, String value, int max) {
    line(field, value, max);
    if (value.isBlank()) {
      throw new InvalidValueException(field, value, "not blank");
    }
    return value;
  }

  /**
   * A name that somebody gives: it must not look like another. Names that a store has are taken as
   * they are.
   */
  public static String visible(String field, String value) {
    if (Hidden.isIn(value)) {
      throw new InvalidValueException(
          field, value, "free of characters that are hidden or turn the direction of writing");
    }
    return value;
  }

  public static List<String> names(
      String field, Collection<String> values, int maxCount, int maxLength) {
    if (values.size() > maxCount) {
      throw new InvalidValueException(
          field, values.size() + " entries", "a list of at most " + maxCount + " entries");
    }
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      nonEmptyLine(field, value, maxLength);
      if (!seen.add(value)) {
        throw new InvalidValueException(field, value, "listed once");
      }
    }
    return List.copyOf(values);
  }
}
