package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.util.Objects;

/**
 * A small document whose content means nothing to the store.
 *
 * @param content any text, JSON by custom; at most {@link #MAX_LENGTH} characters
 */
public record OpaqueDocument(String content) implements DocumentValue {
  /** The largest content, in characters. */
  public static final int MAX_LENGTH = 1 << 20;

  public OpaqueDocument {
    Objects.requireNonNull(content, "content");
    if (content.length() > MAX_LENGTH) {
      throw new InvalidValueException(
          "content", content.length() + " characters", "at most " + MAX_LENGTH + " characters");
    }
    Checks.encodable("content", content);
  }
}
