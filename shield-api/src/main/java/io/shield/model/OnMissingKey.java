package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** What a limit does with a request that has no key. */
public enum OnMissingKey {
  /** The request is not limited. */
  EXEMPT,
  /** The client address is the key. */
  FALLBACK_IP,
  /** The request is refused. */
  BLOCK;

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static OnMissingKey parse(String name) {
    return WireName.parse(OnMissingKey.class, "on_missing_key", name);
  }
}
