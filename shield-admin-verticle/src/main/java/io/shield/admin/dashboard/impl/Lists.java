package io.shield.admin.dashboard.impl;

import io.shield.error.InvalidValueException;
import java.util.List;
import java.util.stream.Stream;

/** Reads what people type into one field though it is several values, or a number. */
final class Lists {
  private Lists() {}

  /** Values between commas, blanks or line ends. */
  static List<String> split(String text) {
    return Stream.of(text.split("[,\\s]+", -1)).filter(part -> !part.isEmpty()).toList();
  }

  static int number(String field, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new InvalidValueException(field, text, "a whole number");
    }
  }
}
