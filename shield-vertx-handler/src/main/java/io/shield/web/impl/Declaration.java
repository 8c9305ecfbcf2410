package io.shield.web.impl;

import io.shield.model.RouteState;
import io.shield.web.RefusalResponder;
import io.vertx.ext.web.Route;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is declared beside a route and kept in its metadata.
 *
 * @param state the initial state, under a key that is replaced by the route's
 * @param responder how refusals are answered, or null
 */
public record Declaration(RouteState state, @Nullable RefusalResponder responder) {
  /** The key of the route's metadata. */
  public static final String KEY = "io.shield.declaration";

  private static final Declaration NOTHING = new Declaration(RouteState.active("/"), null);

  /** What is declared beside a route. */
  public static Declaration of(Route route) {
    return of(route.<Object>getMetadata(KEY));
  }

  /** What a route's metadata declares. */
  public static Declaration of(@Nullable Object metadata) {
    return metadata instanceof Declaration declared ? declared : NOTHING;
  }

  /** With a changed state. */
  public Declaration with(UnaryOperator<RouteState.Builder> step) {
    return new Declaration(step.apply(state.toBuilder()).build(), responder);
  }

  /** With a responder. */
  public Declaration with(RefusalResponder other) {
    return new Declaration(state, other);
  }
}
