package io.shield;

import io.shield.error.InvalidValueException;
import java.util.Locale;

/**
 * What is enforced when the store cannot be reached at start and no earlier snapshot is at hand.
 */
public enum ColdStart {
  /** What the code declares. */
  OPEN,
  /** Maintenance, reason {@code starting}, on every declared route that is not force-active. */
  CLOSED,
  /** Nothing: {@link ShieldEngine#start} completes only after the first load. */
  WAIT;

  /** The name in configuration. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a name.
   *
   * @throws InvalidValueException if there is none such
   */
  public static ColdStart parse(String name) {
    for (ColdStart value : values()) {
      if (value.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    throw new InvalidValueException("SHIELD_COLD_START", name, "one of open, closed, wait");
  }
}
