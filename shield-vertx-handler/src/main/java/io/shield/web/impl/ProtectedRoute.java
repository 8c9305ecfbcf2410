package io.shield.web.impl;

import io.shield.internal.DeclaredProtection;
import io.shield.web.index.Endpoint;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A route beside which something is declared, and whether a handler enforces it. Kept in the
 * route's metadata, and so as long as the route. Thread-safe.
 */
public final class ProtectedRoute implements DeclaredProtection.Declared {
  private static final String KEY = "io.shield.declared";

  private final Route route;

  /** What handlers for routers found, empty if they guard it. */
  private final Map<RouterHandler, String> found = Collections.synchronizedMap(new WeakHashMap<>());

  private ProtectedRoute(Route route) {
    this.route = route;
  }

  /** Notes that something is declared beside a route. */
  public static void note(Route route) {
    if (route.getMetadata(KEY) == null) {
      ProtectedRoute declared = new ProtectedRoute(route);
      route.putMetadata(KEY, declared);
      Context context = Vertx.currentContext();
      DeclaredProtection.add(declared, context == null ? null : context.owner());
    }
  }

  /**
   * Tells what a handler for a router found of an endpoint beside which something is declared.
   *
   * @param guarded whether requests come to the handler before they come to the endpoint
   */
  static void found(Endpoint endpoint, RouterHandler handler, boolean guarded) {
    if (endpoint.route().<Object>getMetadata(KEY) instanceof ProtectedRoute declared) {
      String problem =
          " is not behind the ShieldHandler of its router: install that before the route, for all"
              + " paths and methods";
      declared.found.put(handler, guarded ? "" : problem);
    }
  }

  @Override
  public @Nullable String problem() {
    List<String> problems;
    synchronized (found) {
      problems = new ArrayList<>(found.values());
    }
    if (problems.contains("") || Endpoint.isHandledBy(route, GuardHandler.class)) {
      return null;
    }
    String name = name();
    return problems.isEmpty()
        ? name
            + " is known to no ShieldHandler: install ShieldHandler.create for its router, and mount"
            + " that, or ShieldHandler.guard on the route"
        : name + problems.get(0);
  }

  private String name() {
    String path = route.getPath() == null ? String.valueOf(route.getName()) : route.getPath();
    String methods =
        route.methods() == null
            ? ""
            : String.join(",", route.methods().stream().map(Object::toString).sorted().toList());
    return (methods.isEmpty() ? "" : methods + ":") + path;
  }
}
