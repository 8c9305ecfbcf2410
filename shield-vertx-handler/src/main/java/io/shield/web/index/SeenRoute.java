package io.shield.web.index;

import io.shield.internal.EngineInternals;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A route as it was when the index read it. */
class SeenRoute {
  /** Vert.x's handlers that answer what lies below a path, rather than prepare it for others. */
  private static final List<String> ANSWERING =
      List.of(
          "io.vertx.ext.web.handler.impl.StaticHandlerImpl",
          "io.vertx.ext.web.handler.impl.TemplateHandlerImpl",
          "io.vertx.ext.web.handler.graphql.impl.GraphQLHandlerImpl",
          "io.vertx.ext.web.proxy.handler.impl.ProxyHandlerImpl");

  final Route route;
  final @Nullable String path;
  final @Nullable Router subRouter;
  final @Nullable Object metadata;
  final RouteText text;

  private final @Nullable String name;
  private final @Nullable Set<HttpMethod> methods;
  private final Map<String, Object> allMetadata;
  private final boolean regex;
  private final boolean exact;

  /** As its text says, which is one object more to look into. */
  private final boolean handled;

  SeenRoute(Route route, String metadataKey) {
    this.route = route;
    path = route.getPath();
    subRouter = route.getSubRouter();
    allMetadata = route.metadata();
    metadata = allMetadata.get(metadataKey);
    name = route.getName();
    methods = route.methods();
    regex = route.isRegexPath();
    exact = route.isExactPath();
    text = RouteText.of(route);
    handled = text.hasHandlers();
  }

  /** The same once more. */
  SeenRoute(SeenRoute other) {
    route = other.route;
    path = other.path;
    subRouter = other.subRouter;
    metadata = other.metadata;
    text = other.text;
    name = other.name;
    methods = other.methods;
    allMetadata = other.allMetadata;
    regex = other.regex;
    exact = other.exact;
    handled = other.handled;
  }

  /** The methods it takes itself; empty = all. */
  final Set<HttpMethod> ownMethods() {
    return methods == null ? Set.of() : Set.copyOf(methods);
  }

  /** Whether requests end here rather than pass through on their way. */
  final boolean isEndpoint() {
    return isDeclaredEndpoint() && handled;
  }

  /** Whether it mounts a router that enforcement leaves alone. */
  final boolean isOutside() {
    return subRouter != null && subRouter.metadata().containsKey(EngineInternals.OUTSIDE);
  }

  private boolean isDeclaredEndpoint() {
    boolean hasMethods = methods != null && !methods.isEmpty();
    boolean mount = subRouter != null;
    return metadata != null
        || (!mount && (hasMethods || (path != null && exact) || answersBelow()));
  }

  /**
   * Whether it answers what lies below its path. One of all paths may stand before others' routes
   * and go on to them, so that it takes metadata to control it.
   */
  private boolean answersBelow() {
    return path != null && !path.equals("/") && ANSWERING.stream().anyMatch(text::hasHandler);
  }

  /** Whether it is a regular expression rather than a path. */
  final boolean isRegex() {
    return path == null && regex;
  }

  /** Whether it stands for a path and everything behind it. */
  final boolean isWildcard() {
    return path == null ? !regex : !exact;
  }

  /** The regular expression Vert.x matches with; null when there is none. */
  final @Nullable String pattern() {
    if (!regex) {
      return null;
    }
    if (text.pattern() != null) {
      return text.pattern();
    }
    return path == null ? name : PathTemplate.exactRegex(path);
  }

  /** The name the application gave to a regular expression; null if none. */
  final @Nullable String givenName() {
    return Objects.equals(name, pattern()) ? null : name;
  }

  /**
   * Whether the route is still what was read. Vert.x tells of no change to a route, but it replaces
   * what it changes, so that comparing identities is enough, and allocates nothing.
   */
  @SuppressWarnings("ReferenceEquality")
  final boolean isUnchanged() {
    return route.methods() == methods
        && route.metadata() == allMetadata
        && route.getSubRouter() == subRouter
        && Objects.equals(route.getPath(), path)
        && Objects.equals(route.getName(), name)
        && route.isRegexPath() == regex
        && route.isExactPath() == exact
        && (handled || !RouteText.of(route).hasHandlers());
  }
}
