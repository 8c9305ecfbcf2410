package io.shield.bench.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.bench.run.Blocking;
import io.shield.memory.MemoryBackend;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.spi.ShieldBackend;
import io.shield.web.ShieldHandler;
import io.shield.web.ShieldHandlerOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A Shield Server and an application on its engine, at which everything comes and goes. On every
 * line it says the heap in use after a collection in bytes, threads, open descriptors, warnings of
 * blocked event loops, failures, and the last of these.
 */
public final class SoakedApp {
  static final String PATH = "/payments";
  private static final int BLOCKED_MILLIS = 2_000;

  private SoakedApp() {}

  static ShieldOptions options(ShieldBackend store) {
    return new ShieldOptions().setBackend(store).putSetting("SHIELD_CACHE_DIR", "off");
  }

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Blocking blocking = new Blocking(BLOCKED_MILLIS);
    Vertx vertx = blocking.vertx();
    ShieldBackend store = MemoryBackend.create();
    ShieldServer shield = new ShieldServer(options(store), new AdminOptions().setPort(0));
    get(vertx.deployVerticle(shield));
    ShieldEngine engine = shield.engine();
    Router router = Router.router(vertx);
    ShieldHandlerOptions options = new ShieldHandlerOptions().setTrustedProxies("127.0.0.1", "::1");
    router.route().handler(ShieldHandler.create(engine, router, options));
    router.get(PATH).handler(ctx -> ctx.response().end("paid"));
    get(engine.register(Churn.states()));
    get(engine.register(List.of(RouteState.active("GET:" + PATH))));
    get(
        engine
            .rateLimits()
            .set(RateLimitPolicy.of("GET", PATH, "100/second"), Actor.of("bench", "cli")));
    HttpServer app = get(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    Churn churn = new Churn(vertx, store, engine, app.actualPort(), shield.actualPort());
    CompletableFuture<Void> begun = new CompletableFuture<>();
    vertx
        .getOrCreateContext()
        .runOnContext(
            v -> {
              churn.begin();
              begun.complete(null);
            });
    begun.get(60, TimeUnit.SECONDS);
    System.out.println("ready");
    while (System.in.read() >= 0) {
      System.out.println(
          String.join(
              " ",
              "sample",
              Long.toString(heap()),
              Integer.toString(ManagementFactory.getThreadMXBean().getThreadCount()),
              Long.toString(descriptors()),
              Integer.toString(blocking.warnings()),
              Integer.toString(churn.failures()),
              churn.failure()));
    }
    Runtime.getRuntime().halt(0);
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** 0 where the system does not tell. */
  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
