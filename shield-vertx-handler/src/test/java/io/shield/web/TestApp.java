package io.shield.web;

import io.shield.RouteAction;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * An application with a router, an engine and a clock of its own, behind a real HTTP server. A test
 * adds routes and starts it.
 */
public final class TestApp implements AutoCloseable {
  public static final Actor ALICE = Actor.of("alice", "cli");

  private final Vertx vertx;
  private final MemoryBackend store;
  private final MutableClock clock;
  private final ShieldEngine engine;
  private final Router router;
  private final List<String> ran = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private RawClient client;

  private TestApp(Vertx vertx, MemoryBackend store, UnaryOperator<ShieldOptions> step) {
    this.vertx = vertx;
    this.store = store;
    clock = MutableClock.create();
    engine = ShieldEngine.create(vertx, step.apply(options()));
    router = Router.router(vertx);
  }

  private ShieldOptions options() {
    return new ShieldOptions().setBackend(store).setEnvironment("production").setClock(clock);
  }

  /** An application whose router has no routes yet. */
  public static TestApp bare(Vertx vertx) {
    return bare(vertx, MemoryBackend.create(), options -> options);
  }

  /** As {@link #bare(Vertx)}, with a store to share and changed options of the engine. */
  public static TestApp bare(
      Vertx vertx, MemoryBackend store, UnaryOperator<ShieldOptions> options) {
    return new TestApp(vertx, store, options);
  }

  /** An application with a handler for the whole router. */
  public static TestApp guarded(Vertx vertx) {
    return guarded(vertx, new ShieldHandlerOptions());
  }

  /** As {@link #guarded(Vertx)}, with options of the handler. */
  public static TestApp guarded(Vertx vertx, ShieldHandlerOptions options) {
    TestApp app = bare(vertx);
    app.router.route().handler(ShieldHandler.create(app.engine, app.router, options));
    return app;
  }

  public Router router() {
    return router;
  }

  public ShieldEngine engine() {
    return engine;
  }

  public MemoryBackend store() {
    return store;
  }

  public MutableClock clock() {
    return clock;
  }

  /** A handler that records that it ran and answers with its name. */
  public Handler<RoutingContext> named(String name) {
    return ctx -> {
      ran.add(name);
      ctx.response().end(name);
    };
  }

  /** What ran since the last call. */
  public List<String> ran() {
    List<String> names = List.copyOf(ran);
    ran.clear();
    return names;
  }

  /** Starts engine and server. */
  public TestApp start() {
    await(engine.start());
    return listen();
  }

  /** Starts the server only. */
  public TestApp listen() {
    return listen(new HttpServerOptions());
  }

  /** Starts the server only, with options; on a free port of loopback. */
  public TestApp listen(HttpServerOptions options) {
    server =
        await(
            vertx
                .createHttpServer(new HttpServerOptions(options).setPort(0).setHost("127.0.0.1"))
                .requestHandler(router)
                .listen());
    client = RawClient.of(server.actualPort());
    return this;
  }

  public int port() {
    return server.actualPort();
  }

  /** A client with one connection, closed with the application. */
  public RawClient client() {
    return client;
  }

  public Answer get(String target, String... headers) {
    return client.send("GET", target, headers);
  }

  /** Changes a route. */
  public RouteState apply(String route, RouteAction action) {
    return await(engine.routes().apply(route, action, ALICE));
  }

  public RouteState maintenance(String route) {
    return apply(route, new RouteAction.Maintenance("upgrade", null));
  }

  public RouteState disable(String route) {
    return apply(route, new RouteAction.Disable("broken", null));
  }

  public RouteState enable(String route) {
    return apply(route, new RouteAction.Enable(""));
  }

  /** Waits for a future. */
  public static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      await(server.close());
    }
    await(engine.close());
  }
}
