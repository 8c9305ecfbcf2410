package io.shield.internal;

import io.shield.model.RateLimitPolicy;
import java.util.List;

/**
 * Everything that one {@link EngineInternals.RouteSource} declares.
 *
 * @param routes its routes; of several of one key an explicit one counts, else the last
 * @param policies the rate limits beside them; of several of one key the last counts
 */
public record Declarations(List<RouteDeclaration> routes, List<RateLimitPolicy> policies) {
  /** Nothing. */
  public static final Declarations NONE = new Declarations(List.of(), List.of());

  public Declarations {
    routes = List.copyOf(routes);
    policies = List.copyOf(policies);
  }
}
