package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.web.ShieldHandlerOptions;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The handler for single routes: judges the route it is part of by the template of the route and
 * its mount point, never by the request's path.
 */
public final class GuardHandler implements Handler<RoutingContext> {
  private final Gate gate;
  private volatile @Nullable Bound last;

  /** The route that was judged last, with its slot; nearly always the only one. */
  private record Bound(Route route, @Nullable String mount, int slot) {
    @SuppressWarnings("ReferenceEquality") // a route is what it is, whatever it is equal to
    boolean is(Route other, @Nullable String otherMount) {
      return route == other && (mount == null ? otherMount == null : mount.equals(otherMount));
    }
  }

  /** See {@link io.shield.web.ShieldHandler#guard(ShieldEngine, ShieldHandlerOptions)}. */
  public GuardHandler(ShieldEngine engine, ShieldHandlerOptions options) {
    this.gate = new Gate(engine, options, false);
  }

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
    if (Gate.isPreflight(ctx.request())) {
      return true;
    }
    Route route = ctx.currentRoute();
    Bound bound = last;
    if (bound == null || !bound.is(route, ctx.mountPoint())) {
      bound = bind(route, ctx.mountPoint());
      last = bound;
    }
    return gate.isServed(ctx, bound.slot, method, route.<Object>getMetadata(Declaration.KEY));
  }

  private Bound bind(Route route, @Nullable String mount) {
    String template = template(route, mount);
    int slot = gate.engine().gates().slots(List.of(template))[0];
    gate.engine().declare(declarations(route, template));
    return new Bound(route, mount, slot);
  }

  private static String template(Route route, @Nullable String mount) {
    Prefix prefix = mount == null ? Prefix.ROOT : Prefix.ROOT.below(mount);
    return new Endpoint(new SeenRoute(route, Declaration.KEY), prefix, Set.of(), 0).template();
  }

  private static List<RouteState> declarations(Route route, String template) {
    RouteState declared = Declaration.of(route.<Object>getMetadata(Declaration.KEY)).state();
    Set<HttpMethod> methods = route.methods();
    List<RouteState> states = new ArrayList<>();
    if (methods == null || methods.isEmpty()) {
      states.add(declared.toBuilder().path(template).build());
      return states;
    }
    for (HttpMethod method : methods) {
      String key = RouteKey.of(method.name(), template).toString();
      states.add(declared.toBuilder().path(key).build());
    }
    return states;
  }
}
