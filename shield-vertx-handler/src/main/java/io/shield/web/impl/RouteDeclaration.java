package io.shield.web.impl;

import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.web.RefusalResponder;
import io.vertx.core.Future;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is declared beside a route and kept in its metadata.
 *
 * @param state the initial state, under a key that is replaced by the route's
 * @param responder how refusals are answered, or null
 * @param policy the initial rate limit, under a path and method that are replaced by the route's,
 *     or null
 * @param limitKey the key that a {@code custom} limit counts by, or null
 * @param limitCost what a request takes from its limits, or null for what their policies say
 * @param terminal whether its handlers answer every request and never call {@code next}
 */
public record RouteDeclaration(
    RouteState state,
    @Nullable RefusalResponder responder,
    @Nullable RateLimitPolicy policy,
    @Nullable Function<RoutingContext, Future<@Nullable String>> limitKey,
    @Nullable ToIntFunction<RoutingContext> limitCost,
    boolean terminal) {
  /** The key of the route's metadata. */
  public static final String KEY = "io.shield.declaration";

  static final RouteDeclaration NOTHING =
      new RouteDeclaration(RouteState.active("/"), null, null, null, null, false);

  /** A key that is known at once, as one that may be known later. */
  public static Function<RoutingContext, Future<@Nullable String>> keyKnownNow(
      Function<RoutingContext, @Nullable String> source) {
    Objects.requireNonNull(source, "limitKey");
    return ctx -> Future.succeededFuture(source.apply(ctx));
  }

  /** What is declared beside a route. */
  public static RouteDeclaration of(Route route) {
    return of(route.<Object>getMetadata(KEY));
  }

  /** What a route's metadata declares. */
  public static RouteDeclaration of(@Nullable Object metadata) {
    return metadata instanceof RouteDeclaration declared ? declared : NOTHING;
  }

  /** With a changed state. */
  public RouteDeclaration with(UnaryOperator<RouteState.Builder> step) {
    return new RouteDeclaration(
        step.apply(state.toBuilder()).build(), responder, policy, limitKey, limitCost, terminal);
  }

  /** With a responder. */
  public RouteDeclaration with(RefusalResponder other) {
    return new RouteDeclaration(state, other, policy, limitKey, limitCost, terminal);
  }

  /** With a rate limit. */
  public RouteDeclaration with(RateLimitPolicy limit) {
    return new RouteDeclaration(state, responder, limit, limitKey, limitCost, terminal);
  }

  /** With a key for its rate limit. */
  public RouteDeclaration withKey(Function<RoutingContext, Future<@Nullable String>> key) {
    return new RouteDeclaration(state, responder, policy, key, limitCost, terminal);
  }

  /** With a cost of its requests. */
  public RouteDeclaration withCost(ToIntFunction<RoutingContext> cost) {
    return new RouteDeclaration(state, responder, policy, limitKey, cost, terminal);
  }

  /** With handlers that answer every request. */
  public RouteDeclaration asTerminal() {
    return new RouteDeclaration(state, responder, policy, limitKey, limitCost, true);
  }

  /** Short: the index reads the text of a route, of which this is a part, for each route. */
  @Override
  public String toString() {
    return "declaration of " + state.status();
  }
}
