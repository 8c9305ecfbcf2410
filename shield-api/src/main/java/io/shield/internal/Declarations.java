package io.shield.internal;

import io.shield.error.InvalidValueException;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import java.util.List;

/**
 * Everything that one {@link EngineInternals.RouteSource} declares.
 *
 * @param routes its routes; of several of one key an explicit one counts, else the last
 * @param policies the rate limits beside them; of several of one key the last counts
 */
public record Declarations(List<Route> routes, List<RateLimitPolicy> policies) {
  /** Nothing. */
  public static final Declarations NONE = new Declarations(List.of(), List.of());

  public Declarations {
    routes = List.copyOf(routes);
    policies = List.copyOf(policies);
  }

  /**
   * One route that code declares.
   *
   * @param state its initial state: origin {@code code}, version 0
   * @param explicit whether somebody wrote the state down. The plain declaration of a route that is
   *     merely there gives way to an explicit one of the same key
   */
  public record Route(RouteState state, boolean explicit) {
    public Route {
      RouteKey.parse(state.path());
      if (state.origin() != Origin.CODE || state.version() != 0) {
        throw new InvalidValueException(
            "origin", state.origin().wireName(), "a declaration: origin code, version 0");
      }
    }

    /** The one that counts of two of one key: this one, unless only the other is explicit. */
    public Route over(Route other) {
      return other.explicit && !explicit ? other : this;
    }
  }
}
