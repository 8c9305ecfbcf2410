package io.shield.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadClientTest {
  private final Vertx vertx = Vertx.vertx();
  private final LoadClient client = new LoadClient();

  @AfterEach
  void close() throws Exception {
    client.end();
    vertx.close().await(60, TimeUnit.SECONDS);
  }

  private int serve(Handler<HttpServerRequest> handler) throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(handler)
            .listen(0, "localhost")
            .await(60, TimeUnit.SECONDS);
    return server.actualPort();
  }

  /** One that waited for answers would wait for ever here. */
  @Test
  void sendsWhenItIsTimeWhateverBecameOfTheOthers() throws Exception {
    List<HttpServerRequest> waiting = new ArrayList<>();
    int port =
        serve(
            request -> {
              waiting.add(request);
              if (waiting.size() == 16) {
                waiting.forEach(each -> each.response().end());
              }
            });

    String[] words = client.obey("pace " + port + " 160 100").split(" ", -1);

    assertThat(words).hasSize(3).startsWith("paced");
    assertThat(Long.parseLong(words[1])).isBetween(1L, Long.parseLong(words[2]));
  }

  @Test
  void keepsRequestsUnderWay() throws Exception {
    int port = serve(request -> request.response().end());

    // More than are under way at once: others follow those that were answered.
    await()
        .untilAsserted(
            () -> {
              String[] words = client.obey("fill " + port + " 500").split(" ", -1);
              assertThat(words).hasSize(3).startsWith("filled");
              assertThat(Long.parseLong(words[1])).isGreaterThan(LoadClient.CONNECTIONS);
            });
  }

  @Test
  void failsWhenARequestIsRefused() throws Exception {
    int port = serve(request -> request.response().setStatusCode(503).end());

    assertThatThrownBy(() -> client.obey("fill " + port + " 100"))
        .hasMessageContaining("a request was answered with 503");
  }
}
