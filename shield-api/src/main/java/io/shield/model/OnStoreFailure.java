package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/**
 * What a limit does while the store that counts for several processes cannot be reached. Nothing to
 * a limit that is counted in the process.
 */
public enum OnStoreFailure {
  /** Each process counts for itself. */
  LOCAL,
  /** The request is not limited. */
  ALLOW,
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
  public static OnStoreFailure parse(String name) {
    return WireName.parse(OnStoreFailure.class, "on_store_failure", name);
  }
}
