package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Visits the routes of a router and its sub-routers in the order in which Vert.x tries them. */
final class RouterWalk {
  private static final String CORS_HANDLER = "io.vertx.ext.web.handler.impl.CorsHandlerImpl";

  private static final String GUARDS = "io.shield.web.";

  private final String metadataKey;
  private final Consumer<Router> onRouter;
  private final Set<Router> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<SeenRoute> seen = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<ListedEndpoint> preflights = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final List<Guard> guards = new ArrayList<>();
  private final IdentityHashMap<Router, Set<String>> mounts = new IdentityHashMap<>();

  /**
   * A route with a platform handler, which may be one that guards what comes behind it.
   *
   * @param endpoint where it stands, whether requests end there or not
   * @param place its place among all routes
   */
  record Guard(Endpoint endpoint, int place) {
    /** Whether every request for another endpoint that stands behind comes here before. */
    boolean isOnTheWayTo(Endpoint other) {
      String template = endpoint.template();
      String start =
          template.endsWith("*") ? template.substring(0, template.length() - 1) : template;
      boolean methods =
          endpoint.methods().isEmpty()
              || (!other.methods().isEmpty() && endpoint.methods().containsAll(other.methods()));
      return methods && (other.template() + "/").startsWith(start);
    }
  }

  /**
   * @param mount where the router is mounted
   * @param onRouter told of every router before its routes are read
   */
  RouterWalk(Router router, Prefix mount, String metadataKey, Consumer<Router> onRouter) {
    this.metadataKey = metadataKey;
    this.onRouter = onRouter;
    walk(router, mount, Set.of(), null);
  }

  /** Every route, endpoint or not. */
  List<SeenRoute> seen() {
    return seen;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** By the ordinal of an endpoint: its place among all routes. */
  List<Integer> places() {
    return places;
  }

  /** By router: the templates of the places where it is mounted. */
  Map<Router, Set<String>> mounts() {
    return mounts;
  }

  /** What may guard what comes behind it. */
  List<Guard> guards() {
    return guards;
  }

  /**
   * What answers CORS preflights, endpoint or not; each with the ordinal of the endpoint that it is
   * or stands before.
   */
  List<ListedEndpoint> preflights() {
    return preflights;
  }

  private void walk(
      Router router, Prefix mount, Set<HttpMethod> mountMethods, @Nullable Endpoint parent) {
    if (!open.add(router)) {
      throw new IllegalStateException(
          "router: mounted inside itself at " + mount.wildcardText() + ", must be a tree");
    }
    onRouter.accept(router);
    for (Route route : router.getRoutes()) {
      visit(new SeenRoute(route, metadataKey), mount, mountMethods, parent);
    }
    open.remove(router);
  }

  private void visit(
      SeenRoute route, Prefix mount, Set<HttpMethod> mountMethods, @Nullable Endpoint parent) {
    Set<HttpMethod> methods = both(mountMethods, route.ownMethods());
    if (methods == null) {
      seen.add(route);
      return;
    }
    Endpoint endpoint = new Endpoint(route, mount, methods, parent, endpoints.size());
    seen.add(endpoint);
    if (endpoint.certain() && route.text.hasHandler(CORS_HANDLER)) {
      preflights.add(new ListedEndpoint(endpoint));
    }
    if (route.text.hasHandlerOf(GUARDS)) {
      guards.add(new Guard(endpoint, seen.size() - 1));
    }
    if (route.isEndpoint() || route.isOutside()) {
      endpoints.add(endpoint);
      places.add(seen.size() - 1);
    }
    if (!route.isOutside() && route.subRouter != null && reachesInto(route, mount)) {
      Prefix below = mount.below(route.path);
      mounts.computeIfAbsent(route.subRouter, r -> new LinkedHashSet<>()).add(below.mountPoint());
      walk(route.subRouter, below, methods, endpoint);
    }
  }

  private static boolean reachesInto(SeenRoute route, Prefix mount) {
    return route.path == null || !PathTemplate.isTemplate(route.path) || mount.canMountTemplate();
  }

  /** The methods in both sets, where empty means all; null if there is none. */
  private static @Nullable Set<HttpMethod> both(Set<HttpMethod> outer, Set<HttpMethod> inner) {
    if (outer.isEmpty() || inner.isEmpty()) {
      return outer.isEmpty() ? inner : outer;
    }
    Set<HttpMethod> common = new HashSet<>(outer);
    common.retainAll(inner);
    return common.isEmpty() ? null : Set.copyOf(common);
  }
}
