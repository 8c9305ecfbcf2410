package io.shield.web.examples;

import io.shield.ShieldEngine;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.vertx.ext.web.Router;

/** An application's routes. The engine is given to it, so that a test can give its own. */
final class PaymentsApi {
  private PaymentsApi() {}

  static Router router(ShieldEngine engine) {
    Router router = Router.router(engine.vertx());
    router.route().handler(ShieldHandler.create(engine, router));
    router.get("/payments").handler(ctx -> ctx.end("payments"));
    Shield.on(router.get("/search")).limit("2/minute").handler(ctx -> ctx.end("found"));
    Shield.on(router.get("/debug")).envOnly("dev").handler(ctx -> ctx.end("debug"));
    return router;
  }
}
