package io.shield.web.index;

import io.shield.web.impl.RouteDeclaration;
import io.shield.web.index.RealRouting.Request;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * A random router with sub-routers whose handlers record themselves. It knows by its own account,
 * not by the index's, which of its routes are endpoints.
 */
final class RandomRouter {
  static final String KEY = RouteDeclaration.KEY;

  private static final String[] TEXTS = {
    "a", "b", "c", "ab", "A", "x.y", "a+b", "%20", "b%2Fc", "caf%C3%A9", "~u", "a(b)", "$", "\u0085"
  };
  private static final String[] MIXED = {"f-:", ":.:", ":-x", "v:", ":.json", "a:-:b"};
  private static final String[] TEXTS_REGEX_READS = {"a*b", "x[12]", "q?", "y{2}", "ab|c", "^a"};
  private static final String[] REGEXES = {
    "/a/.*",
    "\\/b\\/([^/]+)",
    "^/a/?$",
    ".*",
    "/(a|b)/c",
    "/[ab]+/?",
    "(/.*)?",
    "",
    "b.*",
    "/(?<n>.+)",
    "/a|/b",
    "/a+b",
    "/x\\.y/(.*)",
    "/(?i)a",
    "/ab?/(c)",
    "/.{1,3}/.*"
  };
  private static final String[] METHODS = {
    "GET", "GET", "GET", "POST", "POST", "PUT", "HEAD", "PURGE"
  };

  private final RealRouting routing;
  private final Random random;
  private final Router root;
  private final List<Level> levels = new ArrayList<>();
  private final List<Route> removable = new ArrayList<>();
  private final Set<Route> endpoints = new HashSet<>();
  private final Map<Router, Route> entries = new HashMap<>();
  private final List<String> paths = new ArrayList<>();
  private int parameters;

  private static final String[] TYPES = {"text/xml", "text/plain"};

  /** A router of the tree; {@code prefix} is where it is mounted. */
  private record Level(Router router, String prefix, int depth, boolean mountsTemplates) {}

  RandomRouter(RealRouting routing, Random random) {
    this(routing, random, Optional.empty());
  }

  /**
   * @param first makes a handler of the root router that stands before all others
   */
  RandomRouter(
      RealRouting routing,
      Random random,
      Optional<Function<Router, Handler<RoutingContext>>> first) {
    this.routing = routing;
    this.random = random;
    root = Router.router(routing.vertx());
    root.route().order(-1000).handler(routing.begin());
    first.ifPresent(handler -> root.route().order(-999).handler(handler.apply(root)));
    Level top = new Level(root, "", 0, true);
    levels.add(top);
    fill(top, 1 + random.nextInt(14));
  }

  Router router() {
    return root;
  }

  /**
   * The visits of a pass to endpoints; that of a mount is shown by its sub-router's first route.
   */
  List<Route> visitedEndpoints(RealRouting.Pass pass) {
    return pass.visited.stream().filter(endpoints::contains).toList();
  }

  /** The route that shows a visit to the endpoint. */
  Route shownBy(Endpoint endpoint) {
    Router subRouter = endpoint.route().getSubRouter();
    return subRouter == null ? endpoint.route() : entries.get(subRouter);
  }

  /** Adds or removes a few routes anywhere in the tree. */
  void change() {
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (random.nextInt(3) == 0 && !removable.isEmpty()) {
        removable.remove(random.nextInt(removable.size())).remove();
      } else {
        fill(levels.get(random.nextInt(levels.size())), 1);
      }
    }
  }

  private void fill(Level level, int count) {
    for (int i = 0; i < count; i++) {
      if (level.depth < 3 && random.nextInt(5) == 0) {
        addMount(level);
      } else {
        addRoute(level);
      }
    }
  }

  private void addMount(Level level) {
    Router router = Router.router(routing.vertx());
    Route entry = router.route().order(-1000);
    entry.handler(routing.visit(entry));
    entries.put(router, entry);
    boolean pathless = random.nextInt(8) == 0;
    String path = pathless ? "/*" : wildcardPath(level.mountsTemplates && random.nextInt(3) == 0);
    Route mount = pathless ? level.router.route() : level.router.route(path);
    if (random.nextInt(8) == 0) {
      mount.method(method());
    }
    if (random.nextInt(4) == 0) {
      mount.putMetadata(KEY, "mount");
      endpoints.add(entry);
    }
    order(mount);
    mayBePassedOver(mount);
    mount.subRouter(router);
    String prefix = level.prefix + path.substring(0, path.length() - (path.endsWith("/*") ? 2 : 1));
    boolean slashless = !path.endsWith("/*") || (path.equals("/*") && isSlashless(level));
    Level below = new Level(router, prefix, level.depth + 1, slashless);
    levels.add(below);
    fill(below, 1 + random.nextInt(6));
  }

  private static boolean isSlashless(Level level) {
    return level.depth > 0 && level.mountsTemplates;
  }

  private void addRoute(Level level) {
    boolean declares = false;
    Route route;
    int kind = random.nextInt(20);
    if (kind < 11) {
      String path = path(random.nextInt(2) == 0, 1 + random.nextInt(4));
      path = random.nextInt(12) == 0 ? "/" : path;
      path += random.nextInt(5) == 0 && path.length() > 1 ? "/" : "";
      paths.add(level.prefix + path);
      route = level.router.route(path);
      declares = true;
    } else if (kind < 15) {
      String path = wildcardPath(random.nextBoolean());
      paths.add(level.prefix + path);
      route = level.router.route(path);
    } else if (kind < 17) {
      route = level.router.route();
    } else {
      route = level.router.routeWithRegex(REGEXES[random.nextInt(REGEXES.length)]);
      if (random.nextInt(3) == 0) {
        route.setName(random.nextBoolean() ? "/named" : "named");
      }
    }
    addHandlers(route, declares);
  }

  private void addHandlers(Route route, boolean declares) {
    for (int i = random.nextInt(5); i >= 3; i--) {
      route.method(method());
      declares = true;
    }
    if (random.nextInt(8) == 0) {
      route.putMetadata(KEY, "declared");
      declares = true;
    }
    if (random.nextInt(10) == 0) {
      route.useNormalizedPath(false);
    }
    order(route);
    mayBePassedOver(route);
    int kind = random.nextInt(30);
    if (kind == 0) {
      route.handler(routing.end(route));
    } else if (kind == 1) {
      route.handler(routing.reroute(route, method(), target()));
    } else if (kind < 4) {
      route.failureHandler(ctx -> ctx.next());
      return;
    } else {
      route.handler(routing.visit(route));
    }
    if (declares) {
      endpoints.add(route);
    }
    removable.add(route);
  }

  private void mayBePassedOver(Route route) {
    switch (random.nextInt(24)) {
      case 0 -> route.consumes(TYPES[random.nextInt(2)]);
      case 1 -> route.produces(TYPES[random.nextInt(2)]);
      case 2 -> route.virtualHost(random.nextBoolean() ? "127.0.0.1" : "shop.example");
      case 3 -> route.disable();
      default -> {}
    }
  }

  private void order(Route route) {
    if (random.nextInt(5) == 0) {
      route.order(random.nextInt(12) - 2);
    }
  }

  private HttpMethod method() {
    return HttpMethod.valueOf(METHODS[random.nextInt(METHODS.length)]);
  }

  private String path(boolean template, int segments) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < segments; i++) {
      path.append('/').append(segment(template));
    }
    return path.toString();
  }

  private String segment(boolean template) {
    int kind = template ? random.nextInt(10) : 9;
    if (kind < 4) {
      return ":" + parameter();
    }
    if (kind == 4) {
      return named(MIXED[random.nextInt(MIXED.length)]);
    }
    if (kind == 5) {
      return TEXTS_REGEX_READS[random.nextInt(TEXTS_REGEX_READS.length)];
    }
    return text();
  }

  /** Most texts are one of three, so that routes collide. */
  private String text() {
    return TEXTS[random.nextInt(random.nextInt(3) == 0 ? TEXTS.length : 3)];
  }

  private String named(String mixed) {
    StringBuilder named = new StringBuilder();
    for (int i = 0; i < mixed.length(); i++) {
      named.append(mixed.charAt(i)).append(mixed.charAt(i) == ':' ? parameter() : "");
    }
    return named.toString();
  }

  private String parameter() {
    return "p" + parameters++;
  }

  private String wildcardPath(boolean template) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      path.append('/').append(template ? segment(true).replaceAll("[*?|{}\\[\\]^]", "") : text());
    }
    return path.append(path.length() > 0 && random.nextInt(3) == 0 ? "*" : "/*").toString();
  }

  /** Requests for paths of the tree and for unknown ones, oddly spelt at times. */
  List<Request> requests(int count) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String type = random.nextInt(3) == 0 ? null : TYPES[random.nextInt(2)];
      requests.add(new Request(method().name(), target(), type));
    }
    return requests;
  }

  private String target() {
    String path =
        paths.isEmpty() || random.nextInt(8) == 0
            ? path(false, 1 + random.nextInt(3))
            : filled(paths.get(random.nextInt(paths.size())));
    for (int i = random.nextInt(3); i > 0; i--) {
      path = misspelt(path);
    }
    return path;
  }

  /** The path with values for parameters and stars. */
  private String filled(String path) {
    String marked = path.replaceAll(":p\\d+", ":").replace("?", "");
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < marked.length(); i++) {
      switch (marked.charAt(i)) {
        case ':' -> out.append(random.nextBoolean() ? text() : "x-1.z");
        case '*' -> out.append(random.nextBoolean() ? "" : text());
        default -> out.append(marked.charAt(i));
      }
    }
    return out.length() == 0 ? "/" : out.toString();
  }

  private String misspelt(String path) {
    int slash = path.indexOf('/', random.nextInt(path.length()));
    int at = slash < 0 ? 0 : slash;
    String before = path.substring(0, at);
    String after = path.substring(at);
    return switch (random.nextInt(10)) {
      case 0 -> before + "/" + after;
      case 1 -> before + "/." + after;
      case 2 -> before + "/zz/.." + after;
      case 3 -> before + "/../" + after;
      case 4 -> before + after.replaceFirst("/a", "/%61");
      case 5 -> path.toUpperCase(Locale.ROOT);
      case 6 -> path + "/" + text();
      case 7 -> before.isEmpty() ? "/" : before;
      case 8 -> path + "/..";
      default -> path.endsWith("/") && at > 0 ? path.substring(0, path.length() - 1) : path + "/";
    };
  }
}
