package io.shield.model.store;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import io.shield.model.DocumentValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One document's new value, or its deletion.
 *
 * @param key which document
 * @param expectedVersion the version it must have; 0 = it must be absent
 * @param value the new value, or null to delete it
 */
public record Edit(DocumentKey key, long expectedVersion, @Nullable DocumentValue value) {
  public Edit {
    Objects.requireNonNull(key, "key");
    Checks.atLeast("expected_version", expectedVersion, 0);
    if (value != null && !key.fits(value)) {
      throw new InvalidValueException(
          "value", value.getClass().getSimpleName(), "what belongs under " + key);
    }
    if (value == null && expectedVersion == 0) {
      throw new InvalidValueException(
          "expected_version", 0, "the version of the document to delete (" + key + ")");
    }
  }
}
