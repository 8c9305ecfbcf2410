package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldOptions;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.web.SdkState;
import io.shield.web.Shield;
import io.shield.web.ShieldSdk;
import io.shield.web.ShieldSdkOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service of ours lives under a server of version 0.8, which knows neither heads nor commits. */
class OriginalFleetTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Actor ANN = Actor.of("ann", "cli");
  private static final String PREFIX = OriginalFleet.SERVICE + ":";

  private final HttpClient http = HttpClient.newHttpClient();
  private OriginalFleet fleet;
  private Vertx vertx;
  private ShieldSdk sdk;
  private HttpServer service;

  @TempDir Path cache;

  @BeforeEach
  void start() throws Exception {
    fleet = new OriginalFleet();
    join();
  }

  @AfterEach
  void stop() throws Exception {
    leave();
    fleet.close();
  }

  private void join() throws Exception {
    vertx = Vertx.vertx();
    ShieldOptions engine =
        new ShieldOptions()
            .setName("original-fleet")
            .putSetting("SHIELD_CACHE_DIR", cache.toString());
    ShieldSdkOptions options =
        new ShieldSdkOptions()
            .setEngineOptions(engine)
            .setUrls(List.of(fleet.url()))
            .setAppId(OriginalFleet.SERVICE);
    sdk = ShieldSdk.create(vertx, options);
    Router router = Router.router(vertx);
    Future<Void> attached = sdk.attach(router);
    router.get("/api/payments").handler(ctx -> ctx.end("paid"));
    router.get("/new").handler(ctx -> ctx.end("new"));
    Shield.on(router.get("/health")).forceActive().handler(ctx -> ctx.end("healthy"));
    get(attached);
    service = get(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    await().atMost(PATIENCE).until(() -> sdk.state() == SdkState.READY);
  }

  private void leave() throws Exception {
    get(sdk.close());
    get(vertx.close());
  }

  private int status(String path) throws Exception {
    URI uri = URI.create("http://localhost:" + service.actualPort() + path);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private void becomes(String path, int status) {
    await(path).atMost(PATIENCE).until(() -> status(path) == status);
  }

  @Test
  void loadsAndRegistersAsTheOriginalClientsDo() throws Exception {
    Snapshot snapshot = sdk.engine().snapshot();
    assertThat(snapshot.states()).containsKeys("GET:/debug", "GET:/old", "POST:/api/payments");
    assertThat(snapshot.policies()).containsKey("GET:/api/payments");
    await().atMost(PATIENCE).until(() -> !fleet.registered().isEmpty());
    JsonNode first = fleet.registered().get(0);
    assertThat(first.path("path").asText()).isEqualTo(PREFIX + "GET:/new");
    assertThat(first.path("service").asText()).isEqualTo(OriginalFleet.SERVICE);
    assertThat(fleet.asked())
        .contains("GET /api/routes?service=" + OriginalFleet.SERVICE, "GET /api/rate-limits");
    assertThat(fleet.asked().stream().filter(line -> line.endsWith("/register"))).hasSize(1);
    assertThat(status("/api/payments")).isEqualTo(200);
  }

  @Test
  void followsTheRecordedEvents() throws Exception {
    for (JsonNode event : OriginalFleet.events()) {
      fleet.send(event);
      JsonNode state = event.path("payload");
      String path = state.path("path").asText();
      String reason = state.path("reason").asText();
      if (path.startsWith(PREFIX)) {
        RouteState told = ShieldJson.readStoredRouteState(state);
        String local = path.substring(PREFIX.length());
        await(path)
            .atMost(PATIENCE)
            .until(() -> isAs(sdk.engine().snapshot().stored().state(local), told));
      } else if (path.contains("global__") || path.contains("svc_global:")) {
        becomes("/api/payments", reason.contains("\"enabled\":true") ? 503 : 200);
      }
    }
    assertThat(sdk.engine().snapshot().states().keySet()).noneMatch(key -> key.contains("dup"));
    assertThat(sdk.engine().rateLimits().global()).isNotNull();
    assertThat(sdk.state()).isEqualTo(SdkState.READY);
  }

  private static boolean isAs(RouteState held, RouteState told) {
    return held != null
        && held.status() == told.status()
        && held.reason().equals(told.reason())
        && held.allowedEnvs().equals(told.allowedEnvs());
  }

  @Test
  void aStreamThatEndsIsNoEnd() throws Exception {
    await().atMost(PATIENCE).until(() -> fleet.streams() == 1);
    fleet.change("GET:/api/payments", "disabled", false);
    fleet.endStreams();
    becomes("/api/payments", 503);
    await().atMost(PATIENCE).until(() -> fleet.streams() == 1);
    fleet.change("GET:/api/payments", "active", true);
    becomes("/api/payments", 200);
  }

  @Test
  void codeForcesOpenWhateverTheServerSays() throws Exception {
    fleet.change("GET:/api/payments", "disabled", true);
    fleet.change("GET:/health", "disabled", true);
    becomes("/api/payments", 503);
    assertThat(status("/health")).isEqualTo(200);
  }

  @Test
  void aChangeFromTheServiceFailsVisibly() {
    assertThatThrownBy(() -> get(sdk.engine().routes().disable("GET:/api/payments", ANN, "no")))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining("0.8");
    assertThat(sdk.engine().snapshot().state("GET:/api/payments").reason()).isEmpty();
  }

  @Test
  void aServiceThatStartsAgainGoesOnWithWhatItKnew() throws Exception {
    Head before = sdk.engine().snapshot().head();
    fleet.change("GET:/api/payments", "disabled", true);
    becomes("/api/payments", 503);
    leave();
    join();
    assertThat(status("/api/payments")).isEqualTo(503);
    Head after = sdk.engine().snapshot().head();
    assertThat(after.epoch()).isEqualTo(before.epoch());
    assertThat(after.revision()).isGreaterThan(before.revision());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
