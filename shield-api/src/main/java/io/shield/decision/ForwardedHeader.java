package io.shield.decision;

import io.shield.error.InvalidValueException;
import java.util.Locale;

/** The header in which trusted proxies tell whom they forward for. One is believed, no other. */
public enum ForwardedHeader {
  /** {@code X-Forwarded-For}: addresses, each proxy appends its peer's. */
  X_FORWARDED_FOR("X-Forwarded-For"),
  /** {@code Forwarded} of RFC 7239: its {@code for} parameters. */
  FORWARDED("Forwarded"),
  /** {@code X-Real-IP}: one address, set by the proxy in front. */
  X_REAL_IP("X-Real-IP");

  private final String header;

  ForwardedHeader(String header) {
    this.header = header;
  }

  /** The header's name. */
  public String header() {
    return header;
  }

  /**
   * Reads a header's name, in any letter case.
   *
   * @throws InvalidValueException if it is none of these
   */
  public static ForwardedHeader parse(String field, String name) {
    for (ForwardedHeader value : values()) {
      if (value.header.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    throw new InvalidValueException(field, name, "one of X-Forwarded-For, Forwarded, X-Real-IP");
  }
}
