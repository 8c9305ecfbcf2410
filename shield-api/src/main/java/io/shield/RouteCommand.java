package io.shield;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One action on one route.
 *
 * @param route a route key, or a bare path that only one known route has
 * @param action what to do
 * @param ifVersion the version the route must have, or null for any
 */
public record RouteCommand(String route, RouteAction action, @Nullable Long ifVersion) {
  public RouteCommand {
    Objects.requireNonNull(route, "route");
    Objects.requireNonNull(action, "action");
  }

  /** An action on whatever version the route has. */
  public static RouteCommand of(String route, RouteAction action) {
    return new RouteCommand(route, action, null);
  }
}
