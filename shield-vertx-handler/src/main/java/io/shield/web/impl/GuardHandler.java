package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.internal.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.RouteDeclaration;
import io.shield.internal.limit.RouteLimits;
import io.shield.model.RateLimitPolicy;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.index.Endpoint;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
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
  private final List<RouteDeclaration> declared = new ArrayList<>();
  private final List<RateLimitPolicy> policies = new ArrayList<>();
  private volatile IdentityHashMap<Route, Place> places = new IdentityHashMap<>();

  /** The mount point below which a route was found, and the route's places found before. */
  private record Place(
      @Nullable String mount, int slot, Endpoint endpoint, int number, @Nullable Place next) {}

  /** See {@link io.shield.web.ShieldHandler#guard(ShieldEngine, ShieldHandlerOptions)}. */
  public GuardHandler(ShieldEngine engine, ShieldHandlerOptions options) {
    this.gate = new Gate(engine, options, false);
  }

  /** A route is known from its first request on. */
  @Override
  public void refresh() {}

  @Override
  public void handle(RoutingContext ctx) {
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
    HttpMethod method = ctx.request().method();
    if (gate.answersPreflights() && Gate.isPreflight(ctx.request())) {
      return true;
    }
    Place place = place(ctx.currentRoute(), ctx.mountPoint());
    return gate.isServed(ctx, place.slot, place.endpoint, method)
        && gate.limits().isAdmitted(ctx, place.endpoint, RouteLimits.NONE);
  }

  private Place place(Route route, @Nullable String mount) {
    Place place = find(route, mount);
    return place == null ? bind(route, mount) : place;
  }

  private @Nullable Place find(Route route, @Nullable String mount) {
    Place place = places.get(route);
    while (place != null && !Objects.equals(place.mount, mount)) {
      place = place.next;
    }
    return place;
  }

  private synchronized Place bind(Route route, @Nullable String mount) {
    Place already = find(route, mount);
    if (already != null) {
      return already;
    }
    Place others = places.get(route);
    int number = others == null ? 1 : others.number + 1;
    if (number > MAX_PLACES) {
      throw new IllegalStateException(
          route.getName()
              + " was found below more than "
              + MAX_PLACES
              + " mount points, the last was "
              + mount
              + ": below a mount with path parameters use ShieldHandler.create, not guard");
    }
    Endpoint endpoint = Endpoint.of(route, mount, Declaration.KEY);
    Place place = new Place(mount, declared(endpoint), endpoint, number, others);
    IdentityHashMap<Route, Place> more = new IdentityHashMap<>(places);
    more.put(route, place);
    places = more;
    return place;
  }

  /** Declares an endpoint; returns its slot. */
  private int declared(Endpoint endpoint) {
    int slot = gate.engine().gates().slots(List.of(endpoint.template()))[0];
    declared.addAll(BoundIndex.declarations(endpoint));
    policies.addAll(BoundIndex.policies(endpoint));
    gate.engine().declare(this, new Declarations(declared, policies));
    return slot;
  }
}
