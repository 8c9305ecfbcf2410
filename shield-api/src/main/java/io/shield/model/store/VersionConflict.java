package io.shield.model.store;

import io.shield.model.DocumentValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why an edit was not accepted: both sides of the lost race.
 *
 * @param key which document
 * @param expected the version the edit named; 0 = absent
 * @param actual the version the store holds; 0 = absent
 * @param value what the store holds, or null if absent
 */
public record VersionConflict(
    DocumentKey key, long expected, long actual, @Nullable DocumentValue value) {
  public VersionConflict {
    Objects.requireNonNull(key, "key");
  }
}
