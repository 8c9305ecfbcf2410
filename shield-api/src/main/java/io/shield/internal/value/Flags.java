package io.shield.internal.value;

import io.shield.error.InvalidValueException;
import java.util.Locale;

/** Settings that are true or false. */
public final class Flags {
  private Flags() {}

  /**
   * Reads one, in any case: {@code true}, {@code 1}, {@code yes}, {@code on} or their opposites.
   *
   * @throws InvalidValueException if it is anything else
   */
  public static boolean parse(String variable, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new InvalidValueException(variable, text, "true or false");
    };
  }
}
