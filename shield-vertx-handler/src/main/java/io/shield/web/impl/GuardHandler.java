package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.model.RateLimitPolicy;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.impl.Run.Target;
import io.shield.web.impl.UnreadBody.MalformedBody;
import io.shield.web.index.Endpoint;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The handler for single routes: judges the route it is part of by the template of the route and
 * its mount point, never by the request's path.
 */
public final class GuardHandler implements Handler<RoutingContext>, RouteSource {
  /** How many places one route may have: mounts with parameters would make ever more. */
  private static final int MAX_PLACES = 100;

  private final Gate gate;
  private final Run run;
  private final UnplacedRoutes unplaced;
  private final List<Declarations.Route> declared = new ArrayList<>();
  private final List<RateLimitPolicy> policies = new ArrayList<>();
  private volatile IdentityHashMap<Route, Place> places = new IdentityHashMap<>();
  private volatile boolean undeclared;

  /**
   * The mount point below which a route was found, and the route's places found before.
   *
   * @param lease held, so that the slot stays the route's
   */
  private record Place(
      @Nullable String mount, Target target, Object lease, int number, @Nullable Place next) {}

  /** See {@link io.shield.web.ShieldHandler#guard(ShieldEngine, ShieldHandlerOptions)}. */
  public GuardHandler(ShieldEngine engine, ShieldHandlerOptions options) {
    this.gate = new Gate(engine, options, false);
    this.run = new Run(gate);
    this.unplaced = new UnplacedRoutes(gate, engine);
    gate.engine().addRouteSource(this);
  }

  /** A route is known from its first request on. */
  @Override
  public synchronized void refresh() {
    if (undeclared) {
      undeclared = false;
      gate.engine().declare(this, new Declarations(declared, policies));
    }
  }

  /** Its routes become known by requests. */
  @Override
  public boolean isAsked() {
    return !places.isEmpty();
  }

  @Override
  public void handle(RoutingContext ctx) {
    MalformedBody.watch(ctx);
    boolean served;
    try {
      served = isServed(ctx);
    } catch (Throwable error) {
      gate.letPass(error);
      served = true;
    }
    if (served) {
      ctx.next();
    }
  }

  private boolean isServed(RoutingContext ctx) {
    Route route = ctx.currentRoute();
    String mount = ctx.mountPoint();
    Place place = find(route, mount);
    if (place == null && (mount == null || !UnplacedRoutes.isBelowParameters(ctx))) {
      place = bind(route, mount);
    }
    if (place == null) {
      RouteDeclaration declaration = RouteDeclaration.of(route);
      return unplaced.passes(ctx, mount, ctx.normalizedPath(), List.of(declaration));
    }
    try {
      return run.passes(ctx, place.target);
    } finally {
      // The slot is held by the place alone, which may go with its route.
      Reference.reachabilityFence(place.lease);
    }
  }

  private @Nullable Place find(Route route, @Nullable String mount) {
    Place place = places.get(route);
    while (place != null && !Objects.equals(place.mount, mount)) {
      place = place.next;
    }
    return place;
  }

  private synchronized @Nullable Place bind(Route route, @Nullable String mount) {
    Place already = find(route, mount);
    if (already != null) {
      return already;
    }
    Place others = places.get(route);
    int number = others == null ? 1 : others.number + 1;
    if (number > MAX_PLACES) {
      return null;
    }
    Endpoint endpoint = Endpoint.of(route, mount, RouteDeclaration.KEY);
    int[] lease = gate.engine().gates().lease(List.of(endpoint.template()));
    Place place = new Place(mount, BoundIndex.target(endpoint, lease[0]), lease, number, others);
    declare(endpoint);
    IdentityHashMap<Route, Place> more = new IdentityHashMap<>(places);
    more.put(route, place);
    places = more;
    return place;
  }

  /**
   * Declares an endpoint. What closes or limits it is enforced from its first request on; that it
   * is there can be declared a little later, and off the request's path, since that takes time in
   * proportion to all routes.
   */
  private void declare(Endpoint endpoint) {
    declared.addAll(BoundIndex.declarations(endpoint));
    policies.addAll(BoundIndex.policies(endpoint));
    undeclared = true;
    if (endpoint.metadata() == null) {
      gate.engine().vertx().executeBlocking(this::refreshed);
    } else {
      refresh();
    }
  }

  private boolean refreshed() {
    refresh();
    return true;
  }
}
