package io.shield.limit;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** How a {@link Limiter} keeps its counters. Setters validate; not thread-safe. */
public final class LimiterOptions {
  /** How many keys are counted at most unless said otherwise. */
  public static final int DEFAULT_MAX_KEYS = 100_000;

  /** The most keys that can be allowed. */
  public static final int LARGEST_MAX_KEYS = 100_000_000;

  private int maxKeys = DEFAULT_MAX_KEYS;

  /** The defaults. */
  public LimiterOptions() {}

  /** A copy. */
  public LimiterOptions(LimiterOptions other) {
    maxKeys = other.maxKeys;
  }

  /**
   * Reads what {@link #toJson} wrote; what is absent keeps its default.
   *
   * @throws InvalidValueException if a value is not allowed or a field is not known
   */
  public LimiterOptions(JsonObject json) {
    for (String field : json.fieldNames()) {
      if (!field.equals("maxKeys")) {
        throw new InvalidValueException("field", field, "maxKeys");
      }
      read(json.getValue(field));
    }
  }

  private void read(@Nullable Object value) {
    if (!(value instanceof Integer number)) {
      throw notAllowed(String.valueOf(value));
    }
    setMaxKeys(number);
  }

  /** How many keys are counted at most; {@value #DEFAULT_MAX_KEYS} by default. */
  public int getMaxKeys() {
    return maxKeys;
  }

  /**
   * Sets how many keys are counted at most. A key takes about 50 bytes beside its string; with the
   * moving window, 16 more for each request that is still counted.
   *
   * @param value 1 to {@value #LARGEST_MAX_KEYS}
   * @throws InvalidValueException if it is not
   */
  public LimiterOptions setMaxKeys(int value) {
    if (value < 1 || value > LARGEST_MAX_KEYS) {
      throw notAllowed(value);
    }
    maxKeys = value;
    return this;
  }

  private static InvalidValueException notAllowed(Object value) {
    return new InvalidValueException(
        "maxKeys", value, "a whole number between 1 and " + LARGEST_MAX_KEYS);
  }

  /** All options as JSON. */
  public JsonObject toJson() {
    return new JsonObject().put("maxKeys", maxKeys);
  }
}
