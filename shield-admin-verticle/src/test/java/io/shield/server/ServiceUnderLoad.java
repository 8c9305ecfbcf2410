package io.shield.server;

import static org.awaitility.Awaitility.await;

import io.shield.ShieldOptions;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.web.SdkState;
import io.shield.web.Shield;
import io.shield.web.ShieldSdk;
import io.shield.web.ShieldSdkOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A service under a server, which is asked for an open and for a closed route all the time. */
final class ServiceUnderLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_MILLIS = 5;

  private final Vertx vertx = Vertx.vertx();
  private final ShieldSdk sdk;
  private final HttpClient client = vertx.createHttpClient();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private final HttpServer server;
  private final Context context = vertx.getOrCreateContext();

  /**
   * Starts one.
   *
   * @param cache where it keeps what it knows
   */
  ServiceUnderLoad(String name, List<String> servers, Path cache) throws Exception {
    ShieldOptions engine =
        new ShieldOptions().putSetting("SHIELD_CACHE_DIR", cache.toString()).setName(name);
    sdk =
        ShieldSdk.create(
            vertx, new ShieldSdkOptions().setEngineOptions(engine).setUrls(servers).setAppId(name));
    Router router = Router.router(vertx);
    Future<Void> attached = sdk.attach(router);
    router.get("/open").handler(ctx -> ctx.end("open"));
    router.get("/marked").handler(ctx -> ctx.end("marked"));
    Shield.on(router.get("/closed")).disabled("gone").handler(ctx -> ctx.end("never"));
    get(attached);
    server = get(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
  }

  /** Asks from now on. */
  void underLoad() {
    context.runOnContext(
        v ->
            vertx.setPeriodic(
                PAUSE_MILLIS,
                timer -> {
                  expect("/open", 200);
                  expect("/closed", 503);
                }));
  }

  private void expect(String path, int status) {
    status(path)
        .onComplete(
            answer -> {
              asked.incrementAndGet();
              if (answer.failed() || answer.result() != status) {
                wrong.incrementAndGet();
              }
            });
  }

  private Future<Integer> status(String path) {
    return client
        .request(HttpMethod.GET, server.actualPort(), "localhost", path)
        .compose(request -> request.send())
        .compose(response -> response.end().map(v -> response.statusCode()));
  }

  /** What a request gets now. */
  int ask(String path) throws Exception {
    return get(Future.future(told -> context.runOnContext(v -> status(path).onComplete(told))));
  }

  void becomes(SdkState state) {
    await(sdk.engine().name()).atMost(PATIENCE).until(() -> sdk.state() == state);
  }

  /** Waits until a change of the marked route has arrived. */
  void sees(RouteStatus status) {
    await(sdk.engine().name())
        .atMost(PATIENCE)
        .until(
            () -> {
              RouteState marked = sdk.engine().snapshot().states().get("GET:/marked");
              return marked != null && marked.status() == status;
            });
  }

  ShieldSdk sdk() {
    return sdk;
  }

  long asked() {
    return asked.get();
  }

  /** How many requests failed, or were wrongly admitted or refused. */
  long wrong() {
    return wrong.get();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    // Each by itself: what follows on a context of a closed Vert.x is never called.
    sdk.close().toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
