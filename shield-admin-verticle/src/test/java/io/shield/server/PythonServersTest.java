package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldOptions;
import io.shield.backend.redis.RedisProcess;
import io.shield.json.ShieldJson;
import io.shield.model.audit.Actor;
import io.shield.web.SdkState;
import io.shield.web.Shield;
import io.shield.web.ShieldSdk;
import io.shield.web.ShieldSdkOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service of ours under the servers that people run: those of api-shield and of waygate. Skipped
 * where {@code PYTHON_CLIENTS} names no place that has them.
 */
class PythonServersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Actor ANN = Actor.of("ann", "cli");

  private final Vertx vertx = Vertx.vertx();
  private final int serverPort;
  private int servicePort;
  private String token = "";

  @TempDir Path directory;

  PythonServersTest() throws IOException {
    serverPort = RedisProcess.freePort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shield", "waygate"})
  void aServiceLivesUnderIt(String family) throws Exception {
    Process server =
        PythonPrograms.start(family, directory, "original_server.py", Integer.toString(serverPort));
    try {
      await("it serves").atMost(PATIENCE).until(this::signsIn);
      ShieldSdk sdk = join();
      assertThat(status("/pay")).isEqualTo(200);
      assertThat(status("/reports")).isEqualTo(503);
      assertThat(server("GET", "/api/routes?service=shop", "").body()).contains("shop:GET:/pay");

      change("/api/routes/" + key("shop:GET:/pay") + "/disable", "{\"reason\": \"broken\"}");
      becomes("/pay", 503);
      change("/api/routes/" + key("shop:GET:/pay") + "/enable", "{}");
      becomes("/pay", 200);

      change("/api/global/enable", "{\"reason\": \"move\", \"exempt_paths\": [\"/health\"]}");
      becomes("/pay", 503);
      assertThat(status("/health")).isEqualTo(200);
      change("/api/global/disable", "{}");
      becomes("/pay", 200);

      Future<?> own = sdk.engine().routes().disable("GET:/pay", ANN, "from the service");
      assertThatThrownBy(() -> get(own)).hasMessageContaining("takes no changes from services");
      assertThat(status("/pay")).isEqualTo(200);

      change(
          "/api/rate-limits",
          "{\"path\": \"shop:GET:/pay\", \"method\": \"GET\", \"limit\": \"1/minute\"}");
      becomes("/pay", 429);
      get(sdk.close());
    } finally {
      server.destroyForcibly().waitFor();
      get(vertx.close());
    }
  }

  private ShieldSdk join() throws Exception {
    ShieldOptions engine =
        new ShieldOptions()
            .setName("python-server")
            .putSetting("SHIELD_CACHE_DIR", directory.resolve("cache").toString());
    ShieldSdk sdk =
        ShieldSdk.create(
            vertx,
            new ShieldSdkOptions()
                .setEngineOptions(engine)
                .setUrls(List.of("http://127.0.0.1:" + serverPort))
                .setAppId("shop")
                .setUsername("ann")
                .setPassword(PythonPrograms.PASSWORD));
    Router router = Router.router(vertx);
    Future<Void> attached = sdk.attach(router);
    router.get("/pay").handler(ctx -> ctx.end("paid"));
    Shield.on(router.get("/reports")).maintenance("rebuild").handler(ctx -> ctx.end("report"));
    Shield.on(router.get("/health")).forceActive().handler(ctx -> ctx.end("healthy"));
    get(attached);
    HttpServer service =
        get(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    servicePort = service.actualPort();
    await().atMost(PATIENCE).until(() -> sdk.state() == SdkState.READY);
    return sdk;
  }

  private boolean signsIn() throws Exception {
    try {
      HttpResponse<String> answer =
          server(
              "POST",
              "/api/auth/login",
              "{\"username\": \"ann\", \"password\": \"" + PythonPrograms.PASSWORD + "\"}");
      token = ShieldJson.parse("login", answer.body()).path("token").asText();
      return answer.statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private void change(String path, String body) throws Exception {
    HttpResponse<String> answer = server("POST", path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
  }

  private static String key(String key) {
    return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> server(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serverPort + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("X-Shield-Token", token)
            .header("X-Waygate-Token", token)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  private int status(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + servicePort + path);
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }

  private void becomes(String path, int status) {
    await(path).atMost(PATIENCE).until(() -> status(path) == status);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
