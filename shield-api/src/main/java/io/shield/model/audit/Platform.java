package io.shield.model.audit;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** The kind of tool a change came through. */
public enum Platform {
  /** The command line. */
  CLI,
  /** The dashboard. */
  DASHBOARD,
  /** A service's own code. */
  SDK,
  /** Shield itself. */
  SYSTEM;

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static Platform parse(String name) {
    return WireName.parse(Platform.class, "platform", name);
  }
}
