package io.shield.impl.registration;

import io.shield.internal.value.Parameters;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A declared route as it is looked for in a store and written into it, made once: of many routes,
 * all are compared with the store at each commit that stores some of them. Not thread-safe.
 */
final class Prepared {
  final RouteState state;

  /** What is stored if nothing is. */
  final RouteState fresh;

  final DocumentKey key;
  final String colons;
  final String braces;

  /** A stored state that was found to need nothing. */
  @Nullable RouteState agreed;

  Prepared(RouteState state, Instant now) {
    this.state = state;
    this.fresh = stamped(state, now);
    this.key = DocumentKey.state(state.path());
    this.colons = Parameters.colons(state.path());
    this.braces = Parameters.braces(state.path());
  }

  /** A declaration as of now, unless it says when. */
  static RouteState stamped(RouteState declaration, Instant now) {
    boolean deprecated =
        declaration.status() == RouteStatus.DEPRECATED && declaration.deprecatedAt() == null;
    return declaration.toBuilder()
        .since(declaration.since() == null ? now : declaration.since())
        .deprecatedAt(deprecated ? now : declaration.deprecatedAt())
        .build();
  }
}
