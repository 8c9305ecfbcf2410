package io.shield.impl;

import io.shield.error.ShieldException;

/** What those hear who want something of an engine that is closed. */
final class Closed {
  private Closed() {}

  static ShieldException failure() {
    return new ShieldException("the engine is closed");
  }
}
