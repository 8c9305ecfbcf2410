package io.shield.impl.change;

import io.shield.decision.Decider;
import io.shield.error.AmbiguousRouteException;
import io.shield.error.UnknownRouteException;
import io.shield.internal.value.Parameters;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    RouteState exact = Decider.stateOf(snapshot, route);
    if (exact != null) {
      return exact;
    }
    RouteKey key = RouteKey.parse(route);
    RouteState own = ownOf(snapshot, key);
    if (own != null) {
      return own;
    }
    if (key.method() != null) {
      return ofAllMethods(snapshot, route, key);
    }
    List<RouteState> matches =
        snapshot.states().values().stream().filter(known -> isMethodOf(key, known)).toList();
    return switch (matches.size()) {
      case 0 -> throw new UnknownRouteException(route, List.of());
      case 1 -> matches.get(0);
      default ->
          throw new AmbiguousRouteException(route, matches.stream().map(RouteState::path).toList());
    };
  }

  /** An application's own routes do not bear its service in their keys. */
  private static @Nullable RouteState ownOf(Snapshot snapshot, RouteKey key) {
    if (key.service() == null) {
      return null;
    }
    RouteState own =
        Decider.stateOf(snapshot, new RouteKey(null, key.method(), key.path()).toString());
    return own != null && key.service().equals(own.service()) ? own : null;
  }

  /** A method of a route that is declared for all methods gets a state of its own. */
  private static RouteState ofAllMethods(Snapshot snapshot, String route, RouteKey key) {
    RouteState followed = followed(snapshot, key);
    if (followed == null) {
      throw new UnknownRouteException(route, List.of());
    }
    return followed;
  }

  /** What a method without a state of its own follows, under its own key; null if nothing. */
  public static @Nullable RouteState followed(Snapshot snapshot, RouteKey key) {
    RouteState all = Decider.stateOf(snapshot, key.withMethod(null).toString());
    if (all == null) {
      all = ownOf(snapshot, key.withMethod(null));
    }
    if (all == null) {
      return null;
    }
    String path = all.key().withMethod(key.method()).toString();
    return governing(snapshot, key, all).toBuilder().path(path).version(0).build();
  }

  /** What the method has followed: of {@code HEAD} that is {@code GET}, if it has its own state. */
  private static RouteState governing(Snapshot snapshot, RouteKey key, RouteState all) {
    RouteState get =
        "HEAD".equals(key.method())
            ? Decider.stateOf(snapshot, all.key().withMethod("GET").toString())
            : null;
    return get == null ? all : get;
  }

  private static boolean isMethodOf(RouteKey wanted, RouteState state) {
    RouteKey known = state.key();
    String service = known.service() == null ? state.service() : known.service();
    return Parameters.colons(known.path()).equals(Parameters.colons(wanted.path()))
        && (wanted.service() == null || wanted.service().equals(service));
  }
}
