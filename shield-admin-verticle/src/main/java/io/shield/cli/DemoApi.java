package io.shield.cli;

import io.shield.AmbiguousRouteException;
import io.shield.ChangeConflictException;
import io.shield.RouteAction;
import io.shield.ShieldEngine;
import io.shield.UnknownRouteException;
import io.shield.decision.EffectiveStatus;
import io.shield.json.ShieldJson;
import io.shield.model.Actor;
import io.shield.model.InvalidValueException;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;

/** The API that the demo serves. */
final class DemoApi {
  private static final Actor DEMO = Actor.of("demo", "cli");

  private DemoApi() {}

  static Router router(Vertx vertx, ShieldEngine engine) {
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    router.get("/payments").handler(answer("payments"));
    router.post("/payments").handler(answer("payment made"));
    router.get("/orders/:id").handler(answer("order"));
    Shield.on(router.get("/health")).forceActive().handler(answer("healthy"));
    Shield.on(router.get("/debug")).envOnly("dev", "staging").handler(answer("debug"));
    Shield.on(router.get("/reports")).maintenance("Nightly rebuild").handler(answer("reports"));
    Shield.on(router.get("/legacy")).disabled("Use /payments").handler(answer("legacy"));
    Shield.on(router.get("/old"))
        .deprecated("Sat, 01 Jan 2028 00:00:00 GMT", "/payments")
        .handler(answer("old"));
    Shield.on(router.get("/search"))
        .limit("5/minute", policy -> policy.algorithm(RateLimitAlgorithm.MOVING_WINDOW))
        .handler(answer("search"));
    Router v1 = Router.router(vertx);
    v1.get("/items/:id").handler(answer("item"));
    router.route("/v1/*").subRouter(v1);
    Shield.on(router.put("/_demo/state")).forceActive().handler(ctx -> setState(ctx, engine));
    return router;
  }

  private static Handler<RoutingContext> answer(String what) {
    return ctx -> {
      JsonObject body = new JsonObject().put("result", what);
      ctx.pathParams().forEach(body::put);
      ctx.json(body);
    };
  }

  /**
   * Stands in for the admin API: {@code PUT /_demo/state?route=GET:/payments&status=maintenance}.
   */
  private static void setState(RoutingContext ctx, ShieldEngine engine) {
    if (!isLoopback(ctx.request().remoteAddress().hostAddress())) {
      error(ctx, 403, "only from this machine");
      return;
    }
    String route = ctx.queryParams().get("route");
    String status = ctx.queryParams().get("status");
    if (route == null || status == null) {
      error(
          ctx, 400, "route and status are required, e.g. ?route=GET:/payments&status=maintenance");
      return;
    }
    try {
      engine
          .routes()
          .apply(route, action(RouteStatus.parse(status), ctx), DEMO)
          .onSuccess(state -> show(ctx, state))
          .onFailure(failure -> failed(ctx, failure));
    } catch (InvalidValueException e) {
      failed(ctx, e);
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static RouteAction action(RouteStatus status, RoutingContext ctx) {
    String given = ctx.queryParams().get("reason");
    String reason = given == null ? "" : given;
    return switch (status) {
      case ACTIVE -> new RouteAction.Enable(reason);
      case MAINTENANCE -> new RouteAction.Maintenance(reason, null);
      case DISABLED -> new RouteAction.Disable(reason, null);
      case ENV_GATED -> new RouteAction.EnvGate(List.of("dev", "staging"), given, null);
      case DEPRECATED -> new RouteAction.Deprecate(null, null, reason, null);
    };
  }

  private static void show(RoutingContext ctx, RouteState state) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            ShieldJson.text(
                ShieldJson.writeShown(state, EffectiveStatus.at(state, Instant.now()))));
  }

  private static void failed(RoutingContext ctx, Throwable failure) {
    error(ctx, statusOf(failure), String.valueOf(failure.getMessage()));
  }

  private static int statusOf(Throwable failure) {
    if (failure instanceof InvalidValueException) {
      return 400;
    }
    if (failure instanceof UnknownRouteException) {
      return 404;
    }
    boolean conflict =
        failure instanceof ChangeConflictException || failure instanceof AmbiguousRouteException;
    return conflict ? 409 : 503;
  }

  private static void error(RoutingContext ctx, int status, String message) {
    ctx.response().setStatusCode(status);
    ctx.json(new JsonObject().put("error", message));
  }
}
