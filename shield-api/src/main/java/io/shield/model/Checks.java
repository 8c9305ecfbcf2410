package io.shield.model;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks the records share, so that every message has one form. */
final class Checks {
  private static final int SHOWN = 100;

  private Checks() {}

  /** A value as it may appear in a message: quoted, cut, control characters escaped. */
  static String shown(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (!(value instanceof CharSequence)) {
      return cut(value.toString());
    }
    return "'" + cut(value.toString()) + "'";
  }

  private static String cut(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), SHOWN) + 3);
    for (int i = 0; i < text.length() && i < SHOWN; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    if (text.length() > SHOWN) {
      out.append("...");
    }
    return out.toString();
  }

  static int range(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidValueException(field, value, "between " + min + " and " + max);
    }
    return value;
  }

  static long atLeast(String field, long value, long min) {
    if (value < min) {
      throw new InvalidValueException(field, value, "at least " + min);
    }
    return value;
  }

  /** Free text for people: line breaks and tabs are fine, other control characters are not. */
  static String text(String field, String value, int max) {
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
    return value;
  }

  /** One line that may be written into a header or a log: no control characters at all. */
  static String line(String field, String value, int max) {
    text(field, value, max);
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new InvalidValueException(field, value, "one line");
      }
    }
    return value;
  }

  static @Nullable String optionalLine(String field, @Nullable String value, int max) {
    return value == null ? null : line(field, value, max);
  }

  static String nonEmptyLine(String field, String value, int max) {
    line(field, value, max);
    if (value.isBlank()) {
      throw new InvalidValueException(field, value, "not blank");
    }
    return value;
  }

  static List<String> names(String field, Collection<String> values, int maxCount, int maxLength) {
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
