package io.shield.model;

import java.time.Instant;
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
    String start = text.substring(0, Math.min(text.length(), SHOWN));
    StringBuilder out = new StringBuilder(start.length() + 3);
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      if (breaksLine(c) || isUnpaired(start, i)) {
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

  private static boolean breaksLine(char c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  /** Whether half a character stands at {@code i}: such a text cannot be written as UTF-8. */
  static boolean isUnpaired(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
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

  /** What one request takes must fit into every limit it is taken from. */
  static int cost(int cost, String limit, int burst) {
    atLeast("cost", cost, 1);
    for (RateLimit each : RateLimit.parse("limit", limit)) {
      if (cost > each.count() + burst) {
        throw new InvalidValueException(
            "cost", cost, "at most the capacity of '" + limit + "', " + (each.count() + burst));
      }
    }
    return cost;
  }

  static Instant time(String field, Instant value) {
    Objects.requireNonNull(value, field);
    if (value.isBefore(RouteState.EARLIEST) || value.isAfter(RouteState.LATEST)) {
      throw new InvalidValueException(field, value, "between the years 1970 and 9999");
    }
    return value;
  }

  static @Nullable Instant optionalTime(String field, @Nullable Instant value) {
    return value == null ? null : time(field, value);
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
    return encodable(field, value);
  }

  /** Any text that can be written as UTF-8 and read again. */
  static String encodable(String field, String value) {
    Objects.requireNonNull(value, field);
    for (int i = 0; i < value.length(); i++) {
      if (isUnpaired(value, i)) {
        throw new InvalidValueException(field, value, "free of unpaired surrogates");
      }
    }
    return value;
  }

  /** One line that may be written into a header or a log: no control characters at all. */
  static String line(String field, String value, int max) {
    text(field, value, max);
    for (int i = 0; i < value.length(); i++) {
      if (breaksLine(value.charAt(i))) {
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
