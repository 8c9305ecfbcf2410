package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Knows for a request which endpoints Vert.x will try, in order, before it has tried any.
 *
 * <p>An <em>endpoint</em> is a route that has methods, an exact path, a template, or Shield
 * metadata. Routes without a path, with a wildcard or with a regular expression are middleware
 * unless they have methods or metadata, or below a path one of Vert.x's handlers that answer
 * (static files, templates, GraphQL, a proxy). The mount of a sub-router is an endpoint only with
 * metadata. A route that has failure handlers alone is none: no request is routed to it.
 *
 * <p>What matches is what Vert.x Web 5.0 matches: {@code /a} takes {@code /a} and {@code /a/},
 * {@code /a/} only {@code /a/}, {@code /a/*} also {@code /a}; a parameter takes one or more
 * characters other than a slash; letter case counts; a HEAD request matches no GET route. Below a
 * mount with parameters inside a mount that ends with a slash Vert.x matches nothing, and nothing
 * is indexed.
 *
 * <p>What else decides whether Vert.x takes a route, virtual host, media types and whether it is
 * disabled, is not compared with a request: such an endpoint is named and is not {@link
 * Endpoint#certain}. Nor does a route show whether its handlers go on to the next one. So whoever
 * asks gets every endpoint that may run. Of a mount it is not looked at whether it matches the path
 * as sent.
 *
 * <p>Immutable and thread-safe. Building takes O(n log n) for n routes. Exact paths are found in a
 * hash and templates in a trie, in the time it takes to read the path and without allocation; what
 * is neither is tried in order. Behind an endpoint is only searched if another may take the same
 * request.
 */
public final class RouteIndex {
  private final List<Endpoint> endpoints;
  private final SeenRoute[] seen;
  private final RegionMap<Endpoint> exactPaths;
  private final TemplateTrie templates;
  private final ListedEndpoint[] listed;
  private final ListedEndpoint[] preflights;

  /** By ordinal: the place among all routes. */
  private final int[] places;

  private final List<RouterWalk.Guard> guards;
  private final Map<Router, Set<String>> mounts;

  private volatile boolean outdated;

  private RouteIndex(RouterWalk walk) {
    Map<String, List<Endpoint>> exact = new HashMap<>();
    TemplateTrie.Builder trie = new TemplateTrie.Builder();
    TemplateTrie.Builder plain = new TemplateTrie.Builder();
    List<ListedEndpoint> list = new ArrayList<>();
    for (Endpoint endpoint : walk.endpoints()) {
      if (!endpoint.isPlain()) {
        list.add(new ListedEndpoint(endpoint));
        continue;
      }
      plain.add(endpoint);
      if (PathTemplate.isTemplate(endpoint.template())) {
        trie.add(endpoint);
      } else {
        exact.computeIfAbsent(endpoint.slashlessTemplate(), p -> new ArrayList<>()).add(endpoint);
      }
    }
    endpoints = List.copyOf(walk.endpoints());
    seen = walk.seen().toArray(new SeenRoute[0]);
    listed = list.toArray(new ListedEndpoint[0]);
    preflights = walk.preflights().toArray(new ListedEndpoint[0]);
    exactPaths = new RegionMap<>(linked(exact));
    templates = trie.build();
    endpoints.stream().filter(Endpoint::isPlain).forEach(endpoint -> place(endpoint, plain));
    places = walk.places().stream().mapToInt(Integer::intValue).toArray();
    guards = List.copyOf(walk.guards());
    mounts = walk.mounts();
  }

  private static Map<String, Endpoint> linked(Map<String, List<Endpoint>> exact) {
    Map<String, Endpoint> firsts = new HashMap<>();
    exact.forEach((path, same) -> firsts.put(path, Endpoint.linked(same)));
    return firsts;
  }

  /** Tells a plain endpoint where it stands among the others. */
  private void place(Endpoint endpoint, TemplateTrie.Builder plain) {
    int at = endpoint.ordinal();
    boolean exact = !PathTemplate.isTemplate(endpoint.template());
    endpoint.place(
        exact && firstOverlapping(endpoint, plain, 0, at) == at,
        firstOverlapping(endpoint, plain, at + 1, endpoints.size()));
  }

  /**
   * The first ordinal from {@code from} to before {@code limit} that may take a request which a
   * plain endpoint takes, or limit.
   */
  private int firstOverlapping(Endpoint endpoint, TemplateTrie.Builder plain, int from, int limit) {
    int none = plain.firstOverlapping(endpoint, from, limit);
    String start = endpoint.start();
    boolean exact = !PathTemplate.isTemplate(endpoint.template());
    for (ListedEndpoint other : listed) {
      if (other.ordinal() >= none) {
        return none;
      }
      boolean reaches =
          (start + "/").startsWith(other.start()) || (!exact && other.start().startsWith(start));
      if (other.ordinal() >= from && reaches && other.endpoint().sharesMethod(endpoint)) {
        return other.ordinal();
      }
    }
    return none;
  }

  /**
   * Reads a router and its sub-routers as they are now.
   *
   * @param metadataKey the key under which a route carries Shield metadata
   * @throws IllegalStateException if a router is mounted inside itself
   */
  public static RouteIndex of(Router router, String metadataKey) {
    return of(router, Prefix.ROOT, metadataKey, any -> {});
  }

  static RouteIndex of(Router router, Prefix mount, String metadataKey, Consumer<Router> onRouter) {
    Objects.requireNonNull(router, "router");
    Objects.requireNonNull(metadataKey, "metadataKey");
    return new RouteIndex(new RouterWalk(router, mount, metadataKey, onRouter));
  }

  /** The templates of the places where a router is mounted in this one. */
  Set<String> mountsOf(Router inner) {
    return mounts.getOrDefault(inner, Set.of());
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
    int length = normalizedPath.length();
    if (length == 0 || normalizedPath.charAt(0) != '/') {
      return null;
    }
    int end = normalizedPath.charAt(length - 1) == '/' ? length - 1 : length;
    Endpoint same = exactPaths.get(normalizedPath, 0, end);
    Endpoint best = same == null ? null : same.firstAccepting(normalizedPath, method, from);
    if (best != null && best.isForemost()) {
      return checked(best);
    }
    best = templates.first(normalizedPath, end, method, from, best);
    best = firstListed(normalizedPath, rawPath, method, from, best);
    return best == null ? null : checked(best);
  }

  /** Like {@link #find(String, String, HttpMethod, int)} for a path that was sent normalized. */
  public @Nullable Endpoint find(String normalizedPath, HttpMethod method, int from) {
    return find(normalizedPath, normalizedPath, method, from);
  }

  /**
   * The next endpoint behind one that was found for the same request; null if there is none. It may
   * run if that one is passed over or its handlers go on.
   */
  public @Nullable Endpoint behind(
      Endpoint found, String normalizedPath, String rawPath, HttpMethod method) {
    int from = found.following();
    return from == endpoints.size() ? null : find(normalizedPath, rawPath, method, from);
  }

  /**
   * The route whose handler answers a CORS preflight, endpoint or not; null if none does. The
   * preflight does not come to the endpoint of its ordinal, before which or at which it stands, nor
   * to those behind.
   */
  public @Nullable Endpoint answering(String normalizedPath, String rawPath, HttpMethod method) {
    for (ListedEndpoint answering : preflights) {
      if (answering.accepts(normalizedPath, rawPath, method)) {
        return answering.endpoint();
      }
    }
    return null;
  }

  private @Nullable Endpoint firstListed(
      String normalizedPath,
      String rawPath,
      HttpMethod method,
      int from,
      @Nullable Endpoint other) {
    int limit = other == null ? endpoints.size() : other.ordinal();
    for (ListedEndpoint endpoint : listed) {
      int ordinal = endpoint.ordinal();
      if (ordinal >= limit) {
        return other;
      }
      if (ordinal >= from && endpoint.accepts(normalizedPath, rawPath, method)) {
        return endpoint.endpoint();
      }
    }
    return other;
  }

  private Endpoint checked(Endpoint endpoint) {
    if (!endpoint.isUnchanged()) {
      outdated = true;
    }
    return endpoint;
  }

  /** Whether every request for an endpoint comes to a handler before, whose route is indexed. */
  public boolean isBehind(Endpoint endpoint, Object handler) {
    return guards.stream()
        .anyMatch(
            guard ->
                guard.place() < places[endpoint.ordinal()]
                    && guard.endpoint().text.has(handler)
                    && guard.isOnTheWayTo(endpoint));
  }

  /** Whether any route, endpoint or not, has a handler of a class. */
  public boolean hasHandler(Class<?> type) {
    for (SeenRoute any : seen) {
      if (any.text.hasHandler(type.getName())) {
        return true;
      }
    }
    return false;
  }

  /** How many routes there are, endpoints or not. */
  int size() {
    return seen.length;
  }

  /** Whether a route was found to be no longer what was indexed. */
  boolean isOutdated() {
    return outdated;
  }

  /**
   * Whether so many routes from a place among all on, taken modulo their number, are what was
   * indexed.
   */
  boolean isUnchanged(int place, int count) {
    int at = seen.length == 0 ? 0 : Integer.remainderUnsigned(place, seen.length);
    for (int i = Math.min(count, seen.length); i > 0; i--) {
      if (!seen[at].isUnchanged()) {
        return false;
      }
      at = at + 1 == seen.length ? 0 : at + 1;
    }
    return true;
  }
}
