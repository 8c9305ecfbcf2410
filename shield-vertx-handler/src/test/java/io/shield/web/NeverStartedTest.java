package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An engine that serves and is closed without having been started. */
class NeverStartedTest extends WebTest {
  /** Those that are not of Vert.x, nor of the JVM. */
  private static Set<Thread> own() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("shield"))
        .collect(Collectors.toSet());
  }

  @Test
  void noThreadOfItOutlivesIt() {
    Set<Thread> before = own();
    ShieldOptions options = new ShieldOptions().setBackend(MemoryBackend.create());
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    Shield.on(router.get("/x")).limit("5/minute").handler(ctx -> ctx.end());
    HttpServer server =
        vertx.createHttpServer().requestHandler(router).listen(0, "localhost").await();
    // Kept, since Vert.x closes a client that nothing refers to.
    HttpClient client = vertx.createHttpClient();
    int status =
        client
            .request(HttpMethod.GET, server.actualPort(), "localhost", "/x")
            .compose(HttpClientRequest::send)
            .await()
            .statusCode();
    assertThat(status).isEqualTo(200);
    assertThat(before).as("none is needed for few requests").containsAll(own());
    engine.close().await();
    await().untilAsserted(() -> assertThat(before).containsAll(own()));
    client.close().await();
    server.close().await();
  }
}
