package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.AdminRouter;
import io.shield.admin.Role;
import io.shield.admin.ShieldServer;
import io.shield.backend.redis.RedisProcess;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.web.SdkState;
import io.shield.web.ShieldSdk;
import io.shield.web.ShieldSdkOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a service stands to its server, and where that is shown. */
class SdkStateTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PASSWORD = "correct horse battery";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Vertx vertx = Vertx.vertx();
  private Vertx fleet;
  private ShieldSdk sdk;
  private HttpServer service;
  private final List<SdkState> heard = new CopyOnWriteArrayList<>();
  private int port;

  @BeforeEach
  void choosePort() throws Exception {
    port = RedisProcess.freePort();
  }

  @AfterEach
  void stop() throws Exception {
    if (sdk != null) {
      get(sdk.close());
    }
    get(vertx.close());
    stopServer();
  }

  private void serve(String password) throws Exception {
    fleet = Vertx.vertx();
    ShieldOptions engine =
        new ShieldOptions()
            .setName("server" + UUID.randomUUID())
            .setBackend(MemoryBackend.create());
    AdminOptions admin =
        new AdminOptions()
            .setPort(port)
            .addUser("shop", password, Role.SDK)
            .addUser("ann", PASSWORD, Role.VIEWER);
    get(fleet.deployVerticle(new ShieldServer(engine, admin)));
  }

  private void stopServer() throws Exception {
    if (fleet != null) {
      get(fleet.close());
      fleet = null;
    }
  }

  private Future<Void> join() throws Exception {
    ShieldOptions engine =
        new ShieldOptions()
            .setName("shop" + UUID.randomUUID())
            .putSetting("SHIELD_INSTANCE", "first")
            .putSetting("SHIELD_CACHE_DIR", "off");
    ShieldSdkOptions options =
        new ShieldSdkOptions()
            .setEngineOptions(engine)
            .setUrls(List.of("http://localhost:" + port))
            .setAppId("shop")
            .setUsername("shop")
            .setPassword(PASSWORD);
    sdk = ShieldSdk.create(vertx, options);
    sdk.onState(heard::add);
    Router router = Router.router(vertx);
    Future<Void> attached = sdk.attach(router);
    router.route("/shield/*").subRouter(AdminRouter.create(sdk.engine(), new AdminOptions()));
    service = get(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    return attached;
  }

  private void becomes(SdkState state) throws Exception {
    await().atMost(PATIENCE).until(() -> sdk.state() == state);
    await().atMost(PATIENCE).until(() -> heard.contains(state));
    JsonNode health = ShieldJson.parse("health", ask("/shield/health/ready"));
    assertThat(health.path("sdk").asText()).isEqualTo(state.wireName());
    assertThat(ask("/shield/metrics"))
        .containsPattern("shield_sdk_state\\{[^}]*state=\"" + state.wireName() + "\"} 1\\.0");
  }

  private String ask(String path) throws Exception {
    URI uri = URI.create("http://localhost:" + service.actualPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  @Test
  void followsItsServer() throws Exception {
    get(join());
    assertThat(sdk.state()).isEqualTo(SdkState.CONNECTING);
    heard.add(SdkState.CONNECTING); // It began with it.
    becomes(SdkState.CONNECTING);
    serve(PASSWORD);
    becomes(SdkState.READY);
    stopServer();
    becomes(SdkState.STALE);
  }

  @Test
  void aServerThatRefusesItFailsItsStart() throws Exception {
    serve("another " + PASSWORD);
    Future<Void> attached = join();
    assertThatThrownBy(() -> get(attached))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining("refuses");
    assertThat(sdk.state()).isEqualTo(SdkState.FAILED);
  }

  @Test
  void aServerThatRefusesItLaterNeedsSomebody() throws Exception {
    serve(PASSWORD);
    get(join());
    becomes(SdkState.READY);
    stopServer();
    serve("another " + PASSWORD);
    becomes(SdkState.FAILED);
  }

  @Test
  void isListedWithWhatItIs() throws Exception {
    serve(PASSWORD);
    get(join());
    becomes(SdkState.READY);
    String base = "http://localhost:" + port;
    String body = "{\"username\": \"ann\", \"password\": \"" + PASSWORD + "\"}";
    HttpRequest login =
        HttpRequest.newBuilder(URI.create(base + "/api/auth/login"))
            .POST(BodyPublishers.ofString(body))
            .build();
    JsonNode token = ShieldJson.parse("login", http.send(login, BodyHandlers.ofString()).body());
    HttpRequest list =
        HttpRequest.newBuilder(URI.create(base + "/api/clients"))
            .header("X-Shield-Token", token.path("token").asText())
            .build();
    JsonNode clients = ShieldJson.parse("list", http.send(list, BodyHandlers.ofString()).body());
    assertThat(clients).hasSize(1);
    JsonNode client = clients.get(0);
    assertThat(client.path("service").asText()).isEqualTo("shop");
    assertThat(client.path("instance").asText()).isEqualTo("first");
    assertThat(client.path("address").asText()).contains("1");
    assertThat(client.path("sdk").asText()).startsWith("shield-sdk-java");
    assertThat(client.path("since").asText()).endsWith("Z");
    assertThat(client.path("head").asText()).contains(":");
    assertThat(client.path("lag").isInt()).isTrue();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
