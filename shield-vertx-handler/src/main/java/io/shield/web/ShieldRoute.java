package io.shield.web;

import io.shield.RouteAction;
import io.shield.decision.Cidr;
import io.shield.error.InvalidValueException;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.web.impl.ProtectedRoute;
import io.shield.web.impl.RouteDeclaration;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one route: the state it has until somebody changes it at run time. A
 * declaration that is known already is not stored again; a changed one replaces the former, but
 * never a run-time change, except for {@link #forceActive}.
 *
 * <pre>{@code
 * Shield.on(router.get("/debug")).disabled("not in production").handler(this::debug);
 * }</pre>
 */
public final class ShieldRoute {
  private final Route route;

  ShieldRoute(Route route) {
    this.route = Objects.requireNonNull(route, "route");
    change(declaration -> declaration);
    ProtectedRoute.note(route);
  }

  private ShieldRoute change(UnaryOperator<RouteDeclaration> step) {
    route.putMetadata(RouteDeclaration.KEY, step.apply(RouteDeclaration.of(route)));
    return this;
  }

  private ShieldRoute state(UnaryOperator<RouteState.Builder> step) {
    return change(declaration -> declaration.with(step));
  }

  private ShieldRoute status(RouteStatus status, UnaryOperator<RouteState.Builder> step) {
    RouteState declared = RouteDeclaration.of(route).state();
    if (declared.status() != RouteStatus.ACTIVE || declared.forceActive()) {
      throw new IllegalStateException(
          route + " is declared already as " + shown(declared) + ", a route has one initial state");
    }
    return state(builder -> step.apply(builder.status(status)));
  }

  private static String shown(RouteState state) {
    return state.forceActive() ? "force-active" : state.status().wireName();
  }

  /** Closed for maintenance. */
  public ShieldRoute maintenance(String reason) {
    return status(RouteStatus.MAINTENANCE, builder -> builder.reason(reason));
  }

  /** Switched off. */
  public ShieldRoute disabled(String reason) {
    return status(RouteStatus.DISABLED, builder -> builder.reason(reason));
  }

  /** Open in these environments only; at least one. */
  public ShieldRoute envOnly(String... environments) {
    if (environments.length == 0) {
      throw new InvalidValueException("envs", "[]", "a list of at least one environment");
    }
    return status(RouteStatus.ENV_GATED, builder -> builder.allowedEnvs(List.of(environments)));
  }

  /** Served with a deprecation notice. */
  public ShieldRoute deprecated() {
    return deprecated(null, null);
  }

  /**
   * Served with a deprecation notice.
   *
   * @param sunsetDate when it will go, an HTTP-date or ISO-8601 time, or null
   * @param successorPath the URI of what replaces it, or null
   */
  public ShieldRoute deprecated(@Nullable String sunsetDate, @Nullable String successorPath) {
    // As at run time: its checks are these.
    var checked = new RouteAction.Deprecate(sunsetDate, successorPath, "", null);
    return status(
        RouteStatus.DEPRECATED,
        builder -> builder.sunsetDate(checked.sunsetDate()).successorPath(checked.successorPath()));
  }

  /** Active whatever else is stored or switched, except for a maintenance that includes it. */
  public ShieldRoute forceActive() {
    return status(RouteStatus.ACTIVE, builder -> builder.forceActive(true));
  }

  /** Lets a share of callers, 0 to 100 percent, pass while the route is closed. */
  public ShieldRoute canary(int percentage) {
    return state(builder -> builder.canaryPercentage(percentage));
  }

  /** Lets holders of any of these roles pass while the route is closed. */
  public ShieldRoute allowRoles(String... roles) {
    return state(builder -> builder.allowedRoles(List.of(roles)));
  }

  /** Lets these addresses and CIDR blocks pass while the route is closed. */
  public ShieldRoute allowIps(String... blocks) {
    for (String block : blocks) {
      Cidr.parse("allowed_ips", block);
    }
    return state(builder -> builder.allowedIps(List.of(blocks)));
  }

  /** Limits how often the route may be called by one address, {@code "5/minute"} for instance. */
  public ShieldRoute limit(String limit) {
    return limit(limit, policy -> policy);
  }

  /**
   * Limits how often the route may be called: {@code limit("100/hour", policy ->
   * policy.keyStrategy(KeyStrategy.USER).burst(20))}. As the route's state, it holds until somebody
   * changes it at run time.
   *
   * @param policy sets what differs from the defaults; path and method are the route's
   */
  public ShieldRoute limit(String limit, UnaryOperator<RateLimitPolicy.Builder> policy) {
    RateLimitPolicy plain = RateLimitPolicy.of(RateLimitPolicy.ALL_METHODS, "/", limit);
    RateLimitPolicy declared = policy.apply(plain.toBuilder()).build();
    declared.exemptIps().forEach(block -> Cidr.parse("exempt_ips", block));
    RateLimiting.check(declared);
    return change(declaration -> declaration.with(declared));
  }

  /**
   * Sets the key that a limit of the strategy {@code custom} counts by, instead of the handler's
   * option, see {@link ShieldHandlerOptions#setLimitKey}.
   */
  public ShieldRoute limitKey(Function<RoutingContext, @Nullable String> key) {
    return asyncLimitKey(RouteDeclaration.keyKnownNow(key));
  }

  /** As {@link #limitKey}, for a key that is known later. The request is paused meanwhile. */
  public ShieldRoute asyncLimitKey(Function<RoutingContext, Future<@Nullable String>> key) {
    Objects.requireNonNull(key, "limitKey");
    return change(declaration -> declaration.withKey(key));
  }

  /**
   * Computes what a request takes from its limits, instead of the cost that their policies name.
   * Not negative; 0 takes nothing, and more than a limit's capacity takes all of it. Asked on the
   * request's context; must not block. An error lets the request pass and is counted.
   */
  public ShieldRoute limitCost(ToIntFunction<RoutingContext> cost) {
    Objects.requireNonNull(cost, "limitCost");
    return change(declaration -> declaration.withCost(cost));
  }

  /**
   * Promises that the route ends every request that matches its method and path: its handlers never
   * call {@code next()}, and it has no virtual host, no media types and is never disabled. Without
   * the promise a request is refused as well if it matches a closed route behind this one, which
   * might run: {@code GET /users/me} while {@code /users/:id} is closed.
   */
  public ShieldRoute terminal() {
    return change(RouteDeclaration::asTerminal);
  }

  /** Answers refused requests of this route, instead of the handler's options. */
  public ShieldRoute onRefusal(RefusalResponder responder) {
    Objects.requireNonNull(responder, "responder");
    return change(declaration -> declaration.with(responder));
  }

  /** Adds a request handler to the route, as {@link Route#handler}. */
  public Route handler(Handler<RoutingContext> handler) {
    return route.handler(handler);
  }

  /** The route itself. */
  public Route route() {
    return route;
  }
}
