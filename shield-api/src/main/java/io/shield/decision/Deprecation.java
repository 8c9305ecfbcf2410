package io.shield.decision;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client of a deprecated route is told.
 *
 * @param since when it became deprecated (RFC 9745)
 * @param sunset when it will go (RFC 8594), or null
 * @param successor the URI of what replaces it, or null
 */
public record Deprecation(Instant since, @Nullable Instant sunset, @Nullable String successor) {
  public Deprecation {
    Objects.requireNonNull(since, "since");
  }
}
