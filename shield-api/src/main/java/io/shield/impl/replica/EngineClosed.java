package io.shield.impl.replica;

import io.shield.error.ShieldException;

/** What those hear who want something of an engine that is closed. */
public final class EngineClosed {
  private EngineClosed() {}

  /** Says so. */
  public static ShieldException failure() {
    return new ShieldException("the engine is closed");
  }
}
