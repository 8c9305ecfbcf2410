package io.shield.impl.change;

import io.shield.error.AmbiguousRouteException;
import io.shield.error.UnknownRouteException;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import java.util.List;

/** Finds the route that a person means. */
public final class RouteResolver {
  private RouteResolver() {}

  /**
   * The state of the route meant.
   *
   * @throws UnknownRouteException if nothing is known by the name
   * @throws AmbiguousRouteException if several routes have the path
   */
  public static RouteState resolve(Snapshot snapshot, String route) {
    RouteState exact = snapshot.state(route);
    if (exact != null) {
      return exact;
    }
    RouteKey key = RouteKey.parse(route);
    if (key.method() != null) {
      return ofAllMethods(snapshot, route, key);
    }
    List<RouteState> matches =
        snapshot.states().values().stream().filter(known -> isMethodOf(key, known.key())).toList();
    return switch (matches.size()) {
      case 0 -> throw new UnknownRouteException(route, List.of());
      case 1 -> matches.get(0);
      default ->
          throw new AmbiguousRouteException(route, matches.stream().map(RouteState::path).toList());
    };
  }

  /** A method of a route that is declared for all methods gets a state of its own. */
  private static RouteState ofAllMethods(Snapshot snapshot, String route, RouteKey key) {
    RouteState all = snapshot.state(key.withMethod(null).toString());
    if (all == null) {
      throw new UnknownRouteException(route, List.of());
    }
    return all.toBuilder().path(route).version(0).build();
  }

  private static boolean isMethodOf(RouteKey wanted, RouteKey known) {
    return known.path().equals(wanted.path())
        && (wanted.service() == null || wanted.service().equals(known.service()));
  }
}
