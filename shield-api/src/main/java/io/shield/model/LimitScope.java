package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** Whose rate limit it is. */
public enum LimitScope {
  /** The route's own, also that of one of its tiers. */
  ROUTE,
  /** That of its service. */
  SERVICE,
  /** That of the whole fleet. */
  GLOBAL;

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static LimitScope parse(String name) {
    return WireName.parse(LimitScope.class, "scope", name);
  }
}
