package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is open when its route closes goes on; what comes after is refused. */
class OpenWhenClosedTest extends WebTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<String> received = new CopyOnWriteArrayList<>();

  private void awaitReceived(String text) {
    await().atMost(PATIENCE).until(() -> String.join("", received).contains(text));
  }

  private Future<HttpClientResponse> send(HttpClient client, TestApp app) {
    return client
        .request(HttpMethod.GET, app.port(), "127.0.0.1", "/x")
        .compose(HttpClientRequest::send);
  }

  @Test
  void anEventStream() {
    TestApp app = guarded();
    Promise<HttpServerResponse> opened = Promise.promise();
    app.router()
        .get("/x")
        .handler(
            ctx -> {
              ctx.response().putHeader("Content-Type", "text/event-stream").setChunked(true);
              ctx.response().write("data: one\n\n");
              opened.tryComplete(ctx.response());
            });
    app.start();
    HttpClient client = vertx.createHttpClient();
    // On the client's context, before anything of the body comes.
    TestApp.await(
        send(client, app).onSuccess(r -> r.handler(data -> received.add(data.toString()))));
    awaitReceived("one");
    app.disable("GET:/x");
    assertThat(app.get("/x").status()).isEqualTo(503);
    TestApp.await(TestApp.await(opened.future()).write("data: two\n\n"));
    awaitReceived("two");
    TestApp.await(client.close());
  }

  @Test
  void aWebSocket() {
    TestApp app = guarded();
    Promise<ServerWebSocket> opened = Promise.promise();
    app.router().get("/x").handler(ctx -> ctx.request().toWebSocket().onComplete(opened));
    app.start();
    WebSocketClient client = vertx.createWebSocketClient();
    WebSocket socket = TestApp.await(client.connect(app.port(), "127.0.0.1", "/x"));
    socket.textMessageHandler(received::add);
    app.disable("GET:/x");
    assertThat(client.connect(app.port(), "127.0.0.1", "/x").transform(Future::succeededFuture))
        .satisfies(refused -> assertThat(TestApp.await(refused).failed()).isTrue());
    TestApp.await(TestApp.await(opened.future()).writeTextMessage("still here"));
    awaitReceived("still here");
    TestApp.await(client.close());
  }

  @Test
  void aLongRequest() {
    TestApp app = guarded();
    Promise<HttpServerResponse> begun = Promise.promise();
    app.router().get("/x").handler(ctx -> begun.tryComplete(ctx.response()));
    app.start();
    HttpClient client = vertx.createHttpClient();
    Future<Buffer> answer = send(client, app).compose(HttpClientResponse::body);
    HttpServerResponse response = TestApp.await(begun.future());
    app.maintenance("GET:/x");
    assertThat(app.get("/x").status()).isEqualTo(503);
    response.end("done");
    assertThat(TestApp.await(answer).toString()).isEqualTo("done");
    TestApp.await(client.close());
  }
}
