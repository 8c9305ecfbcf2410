package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketClient;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** So many requests of one key at the same time; each counts until it is over, however that is. */
class RequestsUnderWayTest extends WebTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<RoutingContext> waiting = new CopyOnWriteArrayList<>();

  private static final Map<String, Handler<RoutingContext>> ENDS =
      Map.of(
          "/x?do=end", ctx -> ctx.response().end("x"),
          "/x?do=throw",
              ctx -> {
                throw new IllegalStateException("on purpose");
              },
          "/x?do=reset", ctx -> ctx.response().reset(),
          "/x?do=close", ctx -> ctx.request().connection().close(),
          "/x?do=reroute", ctx -> ctx.reroute("/elsewhere"),
          "/x?do=next", RoutingContext::next,
          "/x?do=upgrade", ctx -> ctx.request().toWebSocket().onFailure(ctx::fail),
          "/x?do=own",
              ctx -> {
                takeHandlers(ctx.response());
                ctx.response().end("x");
              });

  private TestApp app(int max) {
    TestApp app = guarded();
    Shield.on(app.router().route("/x"))
        .limit("unlimited", policy -> policy.maxConcurrent(max))
        .handler(ctx -> ENDS.getOrDefault(ctx.request().uri(), waiting::add).handle(ctx));
    app.router().get("/elsewhere").handler(ctx -> ctx.response().end("elsewhere"));
    TestApp.await(app.engine().start());
    return app.listen(new HttpServerOptions().setHttp2ClearTextEnabled(true));
  }

  /** As an application may, that wants to know everything itself. */
  private static void takeHandlers(HttpServerResponse response) {
    response.closeHandler(v -> {});
    response.exceptionHandler(failure -> {});
    response.endHandler(v -> {});
    response.bodyEndHandler(v -> {});
  }

  private static boolean passes(TestApp app) {
    return app.get("/x?do=end").status() == 200;
  }

  private void send(RawClient client) {
    int before = waiting.size();
    vertx.executeBlocking(() -> quietly(client), false);
    await().atMost(PATIENCE).until(() -> waiting.size() == before + 1);
  }

  private static Object quietly(RawClient client) {
    try {
      return client.send("GET", "/x");
    } catch (RuntimeException | Error closed) {
      return closed;
    }
  }

  @Test
  void thereIsRoomAgainHoweverARequestEnds() {
    TestApp app = app(1);
    for (String target : ENDS.keySet()) {
      assertThat(app.get(target).status()).as(target).isNotEqualTo(429);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(passes(app)).as(target).isTrue());
    }
  }

  @Test
  void moreAreRefusedUntilAClientIsGoneOrAnswered() {
    TestApp app = app(2);
    RawClient gone = RawClient.of(app.port());
    send(gone);
    send(closing(RawClient.of(app.port())));
    Answer refused = app.get("/x");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.error().getString("limit")).isEqualTo("2 concurrent");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    gone.close();
    await().atMost(PATIENCE).until(() -> passes(app));
    waiting.forEach(ctx -> ctx.vertx().runOnContext(v -> ctx.response().end()));
    await().atMost(PATIENCE).until(() -> passes(app));
  }

  @Test
  void anApplicationMayTakeTheHandlersOfItsResponse() {
    TestApp app = app(1);
    RawClient gone = RawClient.of(app.port());
    send(gone);
    takeHandlers(waiting.get(0).response());
    waiting.get(0).response().setChunked(true).write("data: hello\n\n");
    assertThat(passes(app)).isFalse();
    gone.close();
    await().atMost(PATIENCE).until(() -> passes(app));
  }

  @Test
  void aStreamOfHttp2MayBeReset() {
    TestApp app = app(1);
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    for (boolean taken : List.of(false, true)) {
      waiting.clear();
      HttpClientRequest request =
          TestApp.await(client.request(HttpMethod.GET, app.port(), "127.0.0.1", "/x"));
      request.send();
      await().atMost(PATIENCE).until(() -> waiting.size() == 1);
      if (taken) {
        takeHandlers(waiting.get(0).response());
      }
      assertThat(passes(app)).isFalse();
      request.reset(8);
      await().atMost(PATIENCE).until(() -> passes(app));
    }
    TestApp.await(client.close());
  }

  /** Its response is the handshake; what is open after that nobody tells. */
  @Test
  void aWebSocketIsUnderWayUntilItsHandshake() {
    TestApp app = app(1);
    WebSocketClient client = vertx.createWebSocketClient();
    for (int i = 0; i < 3; i++) {
      TestApp.await(client.connect(app.port(), "127.0.0.1", "/x?do=upgrade"));
    }
    assertThat(passes(app)).isTrue();
    TestApp.await(client.close());
    assertThat(passes(app)).isTrue();
  }
}
