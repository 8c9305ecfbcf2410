package io.shield.cli;

import io.shield.ShieldEngine;
import io.shield.admin.AdminOptions;
import io.shield.admin.AdminRouter;
import io.shield.model.RateLimitAlgorithm;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.shield.web.ShieldSdk;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The API that the demo serves, and the admin API to control it by. */
final class DemoApi {
  /** Where the admin API is mounted. */
  static final String ADMIN = "/shield";

  private DemoApi() {}

  static Router router(Vertx vertx, ShieldEngine engine, AdminOptions admin) {
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    addRoutes(vertx, router);
    router.route(ADMIN + "/*").subRouter(AdminRouter.create(engine, admin));
    return router;
  }

  /** The same API, controlled by a Shield Server; complete when the SDK has started. */
  static Future<Router> fleetRouter(Vertx vertx, ShieldSdk sdk) {
    Router router = Router.router(vertx);
    Future<Void> attached = sdk.attach(router);
    addRoutes(vertx, router);
    return attached.map(router);
  }

  private static void addRoutes(Vertx vertx, Router router) {
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
  }

  private static Handler<RoutingContext> answer(String what) {
    return ctx -> {
      JsonObject body = new JsonObject().put("result", what);
      ctx.pathParams().forEach(body::put);
      ctx.json(body);
    };
  }
}
