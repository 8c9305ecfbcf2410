package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** What a route does with requests. */
public enum RouteStatus {
  /** Served. */
  ACTIVE,
  /** Refused with 503 and, when an end is known, {@code Retry-After}. */
  MAINTENANCE,
  /** Refused with 503. */
  DISABLED,
  /** Refused with 403 outside the allowed environments. */
  ENV_GATED,
  /** Served, with deprecation headers. */
  DEPRECATED;

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static RouteStatus parse(String name) {
    return WireName.parse(RouteStatus.class, "status", name);
  }
}
