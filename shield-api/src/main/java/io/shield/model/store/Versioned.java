package io.shield.model.store;

import io.shield.internal.value.Checks;
import io.shield.model.DocumentValue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A document's value with its version.
 *
 * @param value the value
 * @param version the revision of the commit that wrote it; 0 if code declares it and it is not
 *     stored yet
 */
public record Versioned<T extends DocumentValue>(T value, long version) {
  public Versioned {
    Objects.requireNonNull(value, "value");
    Checks.atLeast("version", version, 0);
  }

  // Written out: see Head.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Versioned<?> versioned
        && version == versioned.version
        && value.equals(versioned.value);
  }

  @Override
  public int hashCode() {
    return 31 * value.hashCode() + Long.hashCode(version);
  }
}
