package io.shield.backend.redis;

import io.shield.error.InvalidValueException;
import io.shield.internal.Dialect;

/**
 * Whose names and values Shield uses in Redis, beside instances of which Python library it runs.
 */
public enum RedisDialect {
  /** Those of api-shield. */
  SHIELD,

  /** Those of waygate, its renamed successor. */
  WAYGATE;

  /**
   * The dialect of a name, in any case.
   *
   * @throws InvalidValueException if there is none
   */
  public static RedisDialect parse(String text) {
    return valueOf(Dialect.parse("dialect", text).name());
  }

  /** Its name in configuration. */
  public String wireName() {
    return Dialect.valueOf(name()).wireName();
  }
}
