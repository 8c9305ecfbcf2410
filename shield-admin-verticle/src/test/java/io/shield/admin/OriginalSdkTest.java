package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.ShieldJson;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the SDKs of api-shield and of waygate, its renamed successor, ask for at their start. */
class OriginalSdkTest {
  private static final Actor ANN = Actor.of("ann", "cli");

  private final HttpClient client = HttpClient.newHttpClient();
  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpRequest.Builder as(String family, String token, String target) {
    HttpRequest.Builder request =
        admin.request("GET", target, null).header("X-" + family + "-App-Id", "shop");
    return token == null ? request : request.header("X-" + family + "-Token", token);
  }

  private String token(String family) {
    HttpRequest.Builder login =
        admin
            .request(
                "POST",
                "/api/auth/login",
                "{\"username\": \"sdk\", \"password\": \""
                    + RunningAdmin.PASSWORD
                    + "\", \"platform\": \"sdk\"}")
            .header("X-" + family + "-App-Id", "shop");
    HttpResponse<String> answer = RunningAdmin.send(login);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningAdmin.json(answer).path("token").asText();
  }

  private JsonNode get(String family, String token, String target) {
    HttpResponse<String> answer = RunningAdmin.send(as(family, token, target));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningAdmin.json(answer);
  }

  private List<String> follow(String family, String token) throws Exception {
    HttpResponse<Stream<String>> answer =
        client.send(as(family, token, "/api/sdk/events").build(), BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> lines = new CopyOnWriteArrayList<>();
    Thread reader = new Thread(() -> read(answer.body(), lines), "stream");
    reader.setDaemon(true);
    reader.start();
    await().until(() -> lines.size() >= 3);
    return lines;
  }

  /** A clean end would be none to those SDKs. */
  private static void read(Stream<String> stream, List<String> lines) {
    try {
      stream.forEach(lines::add);
      lines.add("clean end");
    } catch (UncheckedIOException e) {
      lines.add("broken");
    }
  }

  private static JsonNode event(List<String> lines, int index) {
    List<JsonNode> events = new ArrayList<>();
    await()
        .until(
            () -> {
              events.clear();
              lines.stream()
                  .filter(line -> line.startsWith("data: "))
                  .forEach(line -> events.add(ShieldJson.parse("event", line.substring(6))));
              return events.size() > index;
            });
    return events.get(index);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Shield", "Waygate"})
  void isServedInItsNames(String family) throws Exception {
    boolean waygate = family.equals("Waygate");
    String reserved = waygate ? "__waygate:" : "__shield:";
    admin.register("shop:GET:/pay", "other:GET:/pay");
    RunningAdmin.await(admin.engine.maintenance().enableGlobal(ANN, "move"));
    RateLimitPolicy policy =
        RateLimitPolicy.of("GET", "shop:GET:/pay", "5/minute").toBuilder()
            .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
            .build();
    RunningAdmin.await(admin.engine.rateLimits().set(policy, ANN));
    String token = token(family);
    List<String> lines = follow(family, token);
    JsonNode routes = get(family, token, "/api/routes?service=shop");
    assertThat(routes.findValuesAsText("path"))
        .contains("shop:GET:/pay", reserved + "global__")
        .doesNotContain("other:GET:/pay");
    JsonNode limit = get(family, token, "/api/rate-limits").get(0);
    assertThat(limit.path("algorithm").asText())
        .isEqualTo(waygate ? "moving_window" : "token_bucket");
    assertThat(limit.path("base_algorithm").asText()).isEqualTo(waygate ? "token_bucket" : "");
    RunningAdmin.await(admin.engine.maintenance().disableGlobal(ANN));
    assertThat(event(lines, 1).path("payload").path("path").asText())
        .isEqualTo(reserved + "global__");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Shield", "Waygate"})
  void readsWhatBecameOfItsRoutes(String family) {
    admin.register("shop:GET:/pay", "other:GET:/pay");
    RunningAdmin.await(admin.engine.routes().disable("shop:GET:/pay", ANN, "broken"));
    RunningAdmin.await(admin.engine.routes().disable("other:GET:/pay", ANN, "secret"));
    String token = token(family);
    JsonNode entries = get(family, token, "/api/audit");
    assertThat(entries.findValuesAsText("path")).containsOnly("shop:GET:/pay");
    HttpResponse<String> others = RunningAdmin.send(as(family, token, "/api/audit?service=other"));
    assertThat(others.statusCode()).isEqualTo(403);
    HttpResponse<String> all = RunningAdmin.send(as(family, token, "/api/audit/export"));
    assertThat(all.statusCode()).isEqualTo(403);
  }

  @Test
  void aStreamBreaksWhenItsTokenEnds() throws Exception {
    String token = token("Shield");
    List<String> lines = follow("Shield", token);
    assertThat(admin.send(token, "POST", "/api/auth/logout", "").statusCode()).isEqualTo(200);
    RunningAdmin.await(admin.engine.maintenance().enableGlobal(ANN, "move"));
    await().until(() -> lines.contains("broken"));
    assertThat(lines).noneMatch(line -> line.contains("move"));
  }

  /** They ask again as fast as they are answered. */
  @Test
  void aRefusedStreamIsHeldButOnlySoMany() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      held.add(refused(i % 2 == 0 ? "Shield" : "Waygate"));
    }
    int atOnce = 0;
    while (atOnce == 0) {
      CompletableFuture<HttpResponse<String>> more = refused("Shield");
      held.add(more);
      await().until(() -> held.stream().anyMatch(CompletableFuture::isDone));
      atOnce = (int) held.stream().filter(CompletableFuture::isDone).count();
    }
    assertThat(atOnce).isLessThan(8);
    for (CompletableFuture<HttpResponse<String>> each : held) {
      assertThat(each.get().statusCode()).isEqualTo(401);
    }
  }

  private CompletableFuture<HttpResponse<String>> refused(String family) throws IOException {
    return client.sendAsync(
        as(family, "stale", "/api/sdk/events").build(), BodyHandlers.ofString());
  }

  @Test
  void thereAreNoFeatureFlags() {
    for (String target : List.of("/api/flags", "/api/flags/one", "/api/segments")) {
      HttpResponse<String> answer = admin.send(admin.token("viewer"), "GET", target, null);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(RunningAdmin.json(answer).path("code").asText())
          .isEqualTo("FEATURE_FLAGS_UNSUPPORTED");
    }
  }
}
