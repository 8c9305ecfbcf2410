package io.shield.spi.limit;

import io.shield.error.InvalidValueException;
import java.util.List;
import java.util.Objects;

/**
 * What one key has in use, as it can be kept and restored.
 *
 * @param key whose it is
 * @param uses what was used when, oldest first
 */
public record LiveCounter(String key, List<Use> uses) {
  public LiveCounter {
    Objects.requireNonNull(key, "key");
    uses = List.copyOf(uses);
  }

  /** The same by a clock that is some microseconds ahead of the one it was read by. */
  public LiveCounter shifted(long micros) {
    return micros == 0
        ? this
        : new LiveCounter(
            key,
            uses.stream()
                .map(use -> new Use(Math.max(0, use.atMicros + micros), use.units))
                .toList());
  }

  /**
   * Units used at a moment.
   *
   * @param atMicros when, in microseconds since 1970; for a window, its start
   * @param units how many, at least 1
   */
  public record Use(long atMicros, long units) {
    /**
     * @throws InvalidValueException if a number is negative or no unit is used
     */
    public Use {
      if (atMicros < 0) {
        throw new InvalidValueException("atMicros", atMicros, "at least 0");
      }
      if (units < 1) {
        throw new InvalidValueException("units", units, "at least 1");
      }
    }
  }
}
