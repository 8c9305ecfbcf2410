package io.shield.internal;

import io.shield.error.InvalidValueException;
import io.shield.model.Origin;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;

/**
 * One route that code declares.
 *
 * @param state its initial state: origin {@code code}, version 0
 * @param explicit whether somebody wrote the state down. The plain declaration of a route that is
 *     merely there gives way to an explicit one of the same key
 */
public record RouteDeclaration(RouteState state, boolean explicit) {
  public RouteDeclaration {
    RouteKey.parse(state.path());
    if (state.origin() != Origin.CODE || state.version() != 0) {
      throw new InvalidValueException(
          "origin", state.origin().wireName(), "a declaration: origin code, version 0");
    }
  }

  /** The one that counts of two of one key: this one, unless only the other is explicit. */
  public RouteDeclaration over(RouteDeclaration other) {
    return other.explicit && !explicit ? other : this;
  }
}
