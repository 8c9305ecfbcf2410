package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** Whose requests a limit counts together. */
public enum KeyStrategy {
  /** One counter per client address. */
  IP,
  /** One counter per signed-in user. */
  USER,
  /** One counter per API key. */
  API_KEY,
  /** One counter per route template. */
  GLOBAL,
  /** One counter per key that the application computes. */
  CUSTOM;

  /** What happens to a request without a key when a policy does not say. */
  public OnMissingKey defaultOnMissingKey() {
    return this == API_KEY ? OnMissingKey.FALLBACK_IP : OnMissingKey.EXEMPT;
  }

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static KeyStrategy parse(String name) {
    return WireName.parse(KeyStrategy.class, "key_strategy", name);
  }
}
