package io.shield.bench.pressure;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.AdminVerticle;
import io.shield.admin.Role;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.web.ShieldHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An application with a gate, and its admin API; a process of its own that ends with its input. */
public final class PressedApp {
  static final String PASSWORD = "correct horse";

  /** A route that nobody asks for, and one of a service that follows by streams. */
  static final String OTHER = "GET:/other";

  static final String SERVICE = "pay";

  static final String OF_SERVICE = SERVICE + ":GET:/other";

  private PressedApp() {}

  /** Tells the ports of application and admin API on one line. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    ShieldEngine engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setBackend(MemoryBackend.create())
                .putSetting("SHIELD_TRUSTED_PROXIES", "127.0.0.1,::1"));
    AdminOptions admin = new AdminOptions().setPort(0);
    for (Role role : Role.values()) {
      admin.addUser(role.wireName(), PASSWORD, role);
    }
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    router.get("/payments").handler(ctx -> ctx.response().end("paid"));
    AdminVerticle verticle = new AdminVerticle(engine, admin);
    HttpServer server = vertx.createHttpServer().requestHandler(router);
    engine
        .start()
        .compose(
            v -> engine.register(List.of(RouteState.active(OTHER), RouteState.active(OF_SERVICE))))
        .compose(v -> server.listen(0, "localhost"))
        .compose(v -> vertx.deployVerticle(verticle))
        .toCompletionStage()
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
    System.out.println("ports " + server.actualPort() + " " + verticle.actualPort());
    while (System.in.read() >= 0) {
      // until whoever started it is gone
    }
    System.exit(0);
  }
}
