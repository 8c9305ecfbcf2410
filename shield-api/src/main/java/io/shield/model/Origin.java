package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** Who decided a route's stored state. */
public enum Origin {
  /** Declared beside the route; a later declaration replaces it. */
  CODE,
  /** Changed while running; no declaration replaces it, except for {@code force_active}. */
  RUNTIME;

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static Origin parse(String name) {
    return WireName.parse(Origin.class, "origin", name);
  }
}
