package io.shield.web.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.web.ShieldHandlerOptions;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers know whether a request came, which an engine asks that nobody started. */
class AskedTest {
  private final Vertx vertx = Vertx.vertx();
  private final ShieldEngine engine = ShieldEngine.create(vertx);
  private final Router router = Router.router(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private <T extends RouteSource & Handler<RoutingContext>> void assertAsked(T handler) {
    assertThat(handler.isAsked()).isFalse();
    HttpServer server =
        vertx.createHttpServer().requestHandler(router).listen(0, "localhost").await();
    HttpClient client = vertx.createHttpClient();
    client
        .request(HttpMethod.GET, server.actualPort(), "localhost", "/pay")
        .compose(request -> request.send())
        .compose(answer -> answer.body())
        .await();
    assertThat(handler.isAsked()).isTrue();
    client.close().await();
  }

  @Test
  void ofARouter() {
    RouterHandler handler = new RouterHandler(engine, router, new ShieldHandlerOptions());
    router.route().handler(handler);
    router.get("/pay").handler(ctx -> ctx.end());
    assertAsked(handler);
  }

  @Test
  void ofARouterThatIsTold() {
    RouterHandler handler =
        new RouterHandler(engine, router, new ShieldHandlerOptions().setMountPoint("/"));
    router.route().handler(handler);
    router.get("/pay").handler(ctx -> ctx.end());
    assertAsked(handler);
  }

  @Test
  void ofARoute() {
    GuardHandler handler = new GuardHandler(engine, new ShieldHandlerOptions());
    router.get("/pay").handler(handler).handler(ctx -> ctx.end());
    assertAsked(handler);
  }
}
