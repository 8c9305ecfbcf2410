package io.shield.web.impl;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Knows for a request which endpoints Vert.x will try, in order, before it has tried any.
 *
 * <p>An <em>endpoint</em> is a route that has methods, an exact path, a template, or Shield
 * metadata. Routes without a path, with a wildcard or with a regular expression are middleware
 * unless they have methods or metadata. The mount of a sub-router is an endpoint only with
 * metadata. A route that has failure handlers alone is none: no request is routed to it.
 *
 * <p>What matches is what Vert.x Web 5.0 matches: {@code /a} takes {@code /a} and {@code /a/},
 * {@code /a/} only {@code /a/}, {@code /a/*} also {@code /a}; a parameter takes one or more
 * characters other than a slash; letter case counts; a HEAD request matches no GET route. Below a
 * mount with parameters inside a mount that ends with a slash Vert.x matches nothing, and nothing
 * is indexed.
 *
 * <p>Not looked at, because a {@link io.vertx.ext.web.Route} does not show them: virtual host,
 * consumes and produces (such routes share the state of their template), and whether the route is
 * disabled (it still counts, so take a route out with {@code remove} or close it with Shield); of a
 * mount also whether it matches the path as sent.
 *
 * <p>Immutable and thread-safe. Building takes O(n log n) for n routes. Exact paths are found in a
 * hash and templates in a trie, in the time it takes to read the path and without allocation; what
 * is neither is tried in order.
 */
public final class RouteIndex {
  private final List<Endpoint> endpoints;
  private final SeenRoute[] seen;
  private final RegionMap<Candidates> exactPaths;
  private final TemplateTrie templates;
  private final ListedEndpoint[] listed;
  private volatile boolean outdated;

  private RouteIndex(RouterWalk walk) {
    Map<String, List<Endpoint>> exact = new HashMap<>();
    TemplateTrie.Builder trie = new TemplateTrie.Builder();
    List<ListedEndpoint> list = new ArrayList<>();
    for (Endpoint endpoint : walk.endpoints()) {
      if (!endpoint.isPlain()) {
        list.add(new ListedEndpoint(endpoint));
      } else if (PathTemplate.isTemplate(endpoint.template())) {
        trie.add(endpoint);
      } else {
        exact.computeIfAbsent(endpoint.slashlessTemplate(), p -> new ArrayList<>()).add(endpoint);
      }
    }
    Map<String, Candidates> candidates = new HashMap<>();
    exact.forEach((path, same) -> candidates.put(path, new Candidates(same)));
    endpoints = List.copyOf(walk.endpoints());
    seen = walk.seen().toArray(new SeenRoute[0]);
    exactPaths = new RegionMap<>(candidates);
    templates = trie.build();
    listed = list.toArray(new ListedEndpoint[0]);
  }

  /**
   * Reads a router and its sub-routers as they are now.
   *
   * @param metadataKey the key under which a route carries Shield metadata
   * @throws IllegalStateException if a router is mounted inside itself
   */
  public static RouteIndex of(Router router, String metadataKey) {
    return of(router, metadataKey, any -> {});
  }

  static RouteIndex of(Router router, String metadataKey, Consumer<Router> onRouter) {
    Objects.requireNonNull(router, "router");
    Objects.requireNonNull(metadataKey, "metadataKey");
    return new RouteIndex(new RouterWalk(router, metadataKey, onRouter));
  }

  /** The endpoints in match order; each stands at its ordinal. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /**
   * The first endpoint with an ordinal of at least {@code from} that takes the request; null if
   * none does.
   *
   * @param normalizedPath {@code ctx.normalizedPath()}
   * @param rawPath {@code ctx.request().path()}, for the routes that do not use the normalized path
   */
  public @Nullable Endpoint find(
      String normalizedPath, String rawPath, HttpMethod method, int from) {
    if (!normalizedPath.startsWith("/")) {
      return null;
    }
    int none = endpoints.size();
    int end = normalizedPath.length() - (normalizedPath.endsWith("/") ? 1 : 0);
    int best = none;
    Candidates same = exactPaths.get(normalizedPath, 0, end);
    if (same != null) {
      best = same.first(normalizedPath, method, from, best);
    }
    best = templates.first(normalizedPath, end, method, from, best);
    best = firstListed(normalizedPath, rawPath, method, from, best);
    return best == none ? null : checked(endpoints.get(best));
  }

  /** Like {@link #find(String, String, HttpMethod, int)} for a path that was sent normalized. */
  public @Nullable Endpoint find(String normalizedPath, HttpMethod method, int from) {
    return find(normalizedPath, normalizedPath, method, from);
  }

  private int firstListed(
      String normalizedPath, String rawPath, HttpMethod method, int from, int limit) {
    for (ListedEndpoint endpoint : listed) {
      int ordinal = endpoint.ordinal();
      if (ordinal >= limit) {
        return limit;
      }
      if (ordinal >= from && endpoint.accepts(normalizedPath, rawPath, method)) {
        return ordinal;
      }
    }
    return limit;
  }

  private Endpoint checked(Endpoint endpoint) {
    if (!endpoint.seen().isUnchanged()) {
      outdated = true;
    }
    return endpoint;
  }

  /** Whether any route, endpoint or not, fits. */
  boolean hasRoute(Predicate<Route> fits) {
    for (SeenRoute any : seen) {
      if (fits.test(any.route)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a route was found to be no longer what was indexed. */
  boolean isOutdated() {
    return outdated;
  }

  /** Whether the route at this place among all, taken modulo their number, is what was indexed. */
  boolean isUnchanged(int place) {
    return seen.length == 0 || seen[Integer.remainderUnsigned(place, seen.length)].isUnchanged();
  }
}
