package io.shield.model.store;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.WireName;

/** The kinds of document a store keeps. */
public enum DocumentKind {
  /** A route's state. */
  STATE,
  /** The maintenance mode of the fleet or of one service. */
  MAINTENANCE,
  /** A rate-limit policy. */
  POLICY,
  /** A small opaque document, such as a token revocation or a cursor. */
  DOCUMENT;

  /** The name in JSON, command lines and documents. */
  public String wireName() {
    return WireName.of(this);
  }

  /**
   * Reads a wire name.
   *
   * @throws InvalidValueException if there is none such; the message lists the valid ones
   */
  public static DocumentKind parse(String name) {
    return WireName.parse(DocumentKind.class, "kind", name);
  }
}
