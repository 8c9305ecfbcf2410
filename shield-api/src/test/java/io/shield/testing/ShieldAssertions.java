package io.shield.testing;

import io.shield.ShieldEngine;

/** Assertions on an engine, in the manner of AssertJ. */
public final class ShieldAssertions {
  private ShieldAssertions() {}

  /** Begins an assertion. */
  public static EngineAssert assertThat(ShieldEngine engine) {
    return new EngineAssert(engine);
  }
}
