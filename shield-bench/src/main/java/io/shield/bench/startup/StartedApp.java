package io.shield.bench.startup;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.bench.run.Blocking;
import io.shield.memory.MemoryBackend;
import io.shield.spi.ShieldBackend;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/**
 * An application whose one route is closed: {@code bare}, by a handler of its own; {@code
 * declared}, by Shield, as its code says; {@code file}, by Shield, as a file says whose path is the
 * second argument. Says its port when it is ready, and on the next line how often an event loop was
 * blocked.
 */
public final class StartedApp {
  static final String PATH = "/payments";
  static final int CLOSED = 503;
  private static final int BLOCKED_MILLIS = 100;

  private StartedApp() {}

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Blocking blocking = new Blocking(BLOCKED_MILLIS);
    Vertx vertx = blocking.vertx();
    Router router = Router.router(vertx);
    Future<Void> ready =
        switch (arguments[0]) {
          case "bare" -> bare(router);
          case "declared" -> declared(vertx, router);
          default -> stored(vertx, router, arguments[1]);
        };
    // Not composed: the first server of a process takes its time, and whoever is not on an event
    // loop does not begin it on one.
    ready.await(60, TimeUnit.SECONDS);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "localhost")
            .await(60, TimeUnit.SECONDS);
    System.out.println("port " + server.actualPort());
    while (System.in.read() >= 0) {
      System.out.println("blocked " + blocking.warnings());
    }
    Runtime.getRuntime().halt(0);
  }

  private static Future<Void> bare(Router router) {
    router.get(PATH).handler(ctx -> ctx.response().setStatusCode(CLOSED).end("closed"));
    return Future.succeededFuture();
  }

  private static Future<Void> declared(Vertx vertx, Router router) {
    ShieldEngine engine = engine(vertx, router, MemoryBackend.create());
    Shield.on(router.get(PATH)).disabled("closed").handler(ctx -> ctx.response().end("open"));
    return engine.start();
  }

  private static Future<Void> stored(Vertx vertx, Router router, String path) {
    ShieldEngine engine =
        engine(vertx, router, FileBackend.create(new FileBackendOptions().setPath(path)));
    router.get(PATH).handler(ctx -> ctx.response().end("open"));
    return engine.start();
  }

  private static ShieldEngine engine(Vertx vertx, Router router, ShieldBackend backend) {
    ShieldEngine engine =
        ShieldEngine.create(
            vertx, new ShieldOptions().setBackend(backend).putSetting("SHIELD_CACHE_DIR", "off"));
    router.route().handler(ShieldHandler.create(engine, router));
    return engine;
  }
}
