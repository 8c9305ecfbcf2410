package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.handler.SimpleAuthenticationHandler;
import io.vertx.ext.web.handler.TimeoutHandler;
import io.vertx.ext.web.sstore.LocalSessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Beside Vert.x's own handlers, and under other protocols. */
class PlatformTest extends WebTest {
  @Test
  void aBodyHandlerMayComeAfterIt() {
    TestApp app = guarded();
    app.router().route().handler(BodyHandler.create(false));
    app.router().post("/echo").handler(ctx -> ctx.end(ctx.body().asString()));
    app.start();
    assertEchoed(app);
  }

  @Test
  void aBodyHandlerMayComeBeforeIt() {
    TestApp app = bare();
    app.router().route().handler(BodyHandler.create(false));
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    app.router().post("/echo").handler(ctx -> ctx.end(ctx.body().asString()));
    app.start();
    assertEchoed(app);
  }

  @Test
  void bothMayStandOnOneRoute() {
    TestApp app = bare();
    app.router()
        .route()
        .handler(ShieldHandler.create(app.engine(), app.router()))
        .handler(BodyHandler.create(false));
    app.router().post("/echo").handler(ctx -> ctx.end(ctx.body().asString()));
    app.start();
    assertEchoed(app);
  }

  private static void assertEchoed(TestApp app) {
    String body = "äöü".repeat(10) + "x".repeat(100_000);
    for (int i = 0; i < 3; i++) {
      app.enable("/echo");
      assertThat(app.client().sendBody("POST", "/echo", body).body().length())
          .isGreaterThan(100_000);
      app.disable("/echo");
      assertThat(app.client().sendBody("POST", "/echo", body).code()).isEqualTo("ROUTE_DISABLED");
    }
    assertThat(app.client().connections()).isEqualTo(1);
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void aHandlerThatReadsTheBodyItselfGetsAllOfIt() {
    TestApp app = guarded();
    app.router()
        .post("/length")
        .handler(ctx -> ctx.request().body().onSuccess(body -> ctx.end("" + body.length())));
    app.start();
    assertThat(app.client().sendBody("POST", "/length", "x".repeat(300_000)).body())
        .isEqualTo("300000");
  }

  /** STYLE 6: Vert.x tells handlers apart by their kind and refuses a wrong order. */
  @Test
  void theRoutersHandlerIsAPlatformHandlerAndTheGuardIsNot() {
    TestApp app = bare();
    SimpleAuthenticationHandler authentication =
        SimpleAuthenticationHandler.create().authenticate(ctx -> Future.succeededFuture());
    assertThatThrownBy(
            () ->
                app.router()
                    .route("/wrong")
                    .handler(authentication)
                    .handler(ShieldHandler.create(app.engine(), app.router())))
        .isInstanceOf(IllegalStateException.class);
    app.router()
        .route("/right")
        .handler(authentication)
        .handler(ShieldHandler.guard(app.engine()))
        .handler(app.named("right"));
    app.start();
    assertThat(app.get("/right").status()).isEqualTo(200);
  }

  @Test
  void aRefusedRequestGetsNoSessionBehindItAndKeepsTheOneBefore() {
    TestApp app = guarded();
    app.router().route().handler(SessionHandler.create(LocalSessionStore.create(vertx)));
    app.router().get("/x").handler(PlatformTest::count);
    app.start();
    Answer first = app.get("/x");
    assertThat(first.body()).isEqualTo("1");
    String cookie = "Cookie: " + first.header("Set-Cookie").replaceAll(";.*", "");
    app.disable("/x");
    assertThat(app.get("/x", cookie).header("Set-Cookie")).isNull();
    app.enable("/x");
    assertThat(app.get("/x", cookie).body()).isEqualTo("2");
  }

  private static void count(RoutingContext ctx) {
    int visits = ctx.session().get("visits") == null ? 0 : ctx.session().<Integer>get("visits");
    ctx.session().put("visits", visits + 1);
    ctx.end("" + (visits + 1));
  }

  @Test
  void behindATimeoutHandlerARefusalIsWrittenOnce() {
    TestApp app = bare();
    app.router().route().handler(TimeoutHandler.create(10_000));
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    app.router().get("/x").handler(app.named("x"));
    app.start();
    app.disable("/x");
    assertThat(app.get("/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.client().connections()).isEqualTo(1);
  }

  /** What is allowed goes on before handle returns, on the same thread. */
  @Test
  void anAllowedRequestGoesOnSynchronously() {
    TestApp app = bare();
    List<String> order = new CopyOnWriteArrayList<>();
    ShieldHandler handler = ShieldHandler.create(app.engine(), app.router());
    app.router()
        .route()
        .handler(
            ctx -> {
              Thread thread = Thread.currentThread();
              ctx.put("thread", thread);
              order.add("before");
              handler.handle(ctx);
              order.add("after");
            });
    app.router()
        .get("/x")
        .handler(
            ctx -> {
              order.add(
                  "handler on the same thread: " + (ctx.get("thread") == Thread.currentThread()));
              ctx.end();
            });
    app.start();
    app.get("/x");
    assertThat(order).containsExactly("before", "handler on the same thread: true", "after");
  }

  @Test
  void aWebSocketIsRefusedOrPassed() {
    TestApp app = guarded();
    app.router()
        .get("/ws")
        .handler(
            ctx ->
                ctx.request()
                    .toWebSocket()
                    .onSuccess(
                        ws -> ws.textMessageHandler(text -> ws.writeTextMessage("re " + text))));
    app.start();
    WebSocketClient client = vertx.createWebSocketClient();
    WebSocketConnectOptions target =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(app.port()).setURI("/ws");
    assertThat(echoed(client, target)).isEqualTo("re hello");
    app.disable("GET:/ws");
    assertThatThrownBy(() -> TestApp.await(client.connect(target)))
        .hasCauseInstanceOf(UpgradeRejectedException.class)
        .satisfies(
            failure -> {
              UpgradeRejectedException rejected = (UpgradeRejectedException) failure.getCause();
              assertThat(rejected.getStatus()).isEqualTo(503);
              assertThat(
                      new JsonObject(rejected.getBody()).getJsonObject("error").getString("code"))
                  .isEqualTo("ROUTE_DISABLED");
            });
    app.enable("GET:/ws");
    assertThat(echoed(client, target)).isEqualTo("re hello");
    TestApp.await(client.close());
  }

  private static String echoed(WebSocketClient client, WebSocketConnectOptions target) {
    CompletableFuture<String> text = new CompletableFuture<>();
    WebSocket socket = TestApp.await(client.connect(target));
    socket.textMessageHandler(text::complete);
    socket.writeTextMessage("hello");
    String echoed = text.orTimeout(120, java.util.concurrent.TimeUnit.SECONDS).join();
    TestApp.await(socket.close());
    return echoed;
  }

  @Test
  void overHttp2() {
    TestApp app = guarded();
    app.router().route("/x").handler(app.named("x"));
    Shield.on(app.router().get("/old")).deprecated(null, "/x").handler(app.named("old"));
    TestApp.await(app.engine().start());
    app.listen(new HttpServerOptions().setHttp2ClearTextEnabled(true));
    HttpClientAgent client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    assertThat(send(client, app, HttpMethod.GET, "/x").getString("body")).isEqualTo("x");
    assertThat(send(client, app, HttpMethod.GET, "/old").getString("link"))
        .isEqualTo("</x>; rel=\"successor-version\"");
    app.disable("/x");
    for (String path : List.of("/x", "//x/", "/y/../%78")) {
      JsonObject refused = send(client, app, HttpMethod.POST, path);
      assertThat(refused.getInteger("status")).isEqualTo(503);
      assertThat(refused.getString("cache")).isEqualTo("no-store");
      JsonObject error = new JsonObject(refused.getString("body")).getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("ROUTE_DISABLED");
      assertThat(error.getString("path")).isEqualTo(path);
    }
    JsonObject head = send(client, app, HttpMethod.HEAD, "/x");
    assertThat(head.getInteger("status")).isEqualTo(503);
    assertThat(head.getString("body")).isEmpty();
    assertThat(send(client, app, HttpMethod.GET, "/old").getInteger("status")).isEqualTo(200);
    TestApp.await(client.close());
  }

  /** On an event loop: called from elsewhere, the client loses an answer now and then. */
  private JsonObject send(HttpClientAgent client, TestApp app, HttpMethod method, String path) {
    Promise<JsonObject> answer = Promise.promise();
    vertx.runOnContext(
        v ->
            client
                .request(method, app.port(), "127.0.0.1", path)
                .compose(
                    request ->
                        method.equals(HttpMethod.POST)
                            ? request.send(Buffer.buffer("x".repeat(50_000)))
                            : request.send())
                .compose(PlatformTest::read)
                .onComplete(answer));
    return TestApp.await(answer.future());
  }

  private static Future<JsonObject> read(HttpClientResponse response) {
    assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
    return response
        .body()
        .map(
            body ->
                new JsonObject()
                    .put("status", response.statusCode())
                    .put("cache", response.getHeader("Cache-Control"))
                    .put("link", response.getHeader("Link"))
                    .put("body", body.toString()));
  }

  @Test
  void severalServersMayShareARouter() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.start();
    Router same = app.router();
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int port =
          TestApp.await(vertx.createHttpServer().requestHandler(same).listen(0, "127.0.0.1"))
              .actualPort();
      clients.add(closing(RawClient.of(port)));
    }
    clients.forEach(client -> assertThat(client.send("GET", "/x").status()).isEqualTo(200));
    app.disable("/x");
    clients.forEach(client -> assertThat(client.send("GET", "/x").status()).isEqualTo(503));
  }
}
