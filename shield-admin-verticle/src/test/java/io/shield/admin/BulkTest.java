package io.shield.admin;

import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One action on many routes: all of them change in one commit, or none does. */
class BulkTest {
  private static final String HEALTH = "GET:/v1/health";

  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/v1/a", "POST:/v1/a", "GET:/v1/b/c", "GET:/v2/a");
    RunningAdmin.await(
        admin.engine.register(List.of(RouteState.builder(HEALTH).forceActive(true).build())));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> bulk(String body) {
    return admin.send(null, "POST", "/api/routes/bulk", body);
  }

  private List<String> disabled() {
    return admin.engine.snapshot().states().values().stream()
        .filter(state -> state.status() == RouteStatus.DISABLED)
        .map(RouteState::path)
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return IntStream.range(0, array.size()).mapToObj(i -> array.get(i).textValue()).toList();
  }

  @Test
  void aGlobLeavesForceActiveRoutesOutAndNamesThem() {
    long before = admin.engine.snapshot().head().revision();
    HttpResponse<String> answer =
        bulk("{\"glob\": \"*:/v1/**\", \"action\": \"disable\", \"reason\": \"move\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).get("count").intValue()).isEqualTo(3);
    assertThat(texts(json(answer).get("skipped"))).containsExactly(HEALTH);
    assertThat(disabled()).containsExactlyInAnyOrder("GET:/v1/a", "POST:/v1/a", "GET:/v1/b/c");
    assertThat(admin.engine.snapshot().head().revision()).as("one commit").isEqualTo(before + 1);
  }

  @Test
  void aStarStopsAtASlash() {
    assertThat(bulk("{\"glob\": \"GET:/v1/*\", \"action\": \"disable\"}").statusCode())
        .isEqualTo(200);
    assertThat(disabled()).containsExactly("GET:/v1/a");
  }

  @Test
  void theKeysThatAreNamed() {
    HttpResponse<String> answer =
        bulk("{\"keys\": [\"GET:/v1/a\", \"GET:/v2/a\"], \"action\": \"disable\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(disabled()).containsExactlyInAnyOrder("GET:/v1/a", "GET:/v2/a");
  }

  @Test
  void oneThatCannotBeChangedLeavesAllAsTheyAre() {
    long before = admin.engine.snapshot().head().revision();
    assertThat(
            bulk("{\"keys\": [\"GET:/v1/a\", \"GET:/nowhere\"], \"action\": \"disable\"}")
                .statusCode())
        .isEqualTo(404);
    HttpResponse<String> forceActive =
        bulk("{\"keys\": [\"GET:/v1/a\", \"" + HEALTH + "\"], \"action\": \"disable\"}");
    assertThat(forceActive.statusCode()).isEqualTo(409);
    assertThat(forceActive.body()).contains(HEALTH, "force-active");
    assertThat(disabled()).isEmpty();
    assertThat(admin.engine.snapshot().head().revision()).isEqualTo(before);
  }

  @Test
  void aDryRunTellsAndWritesNothing() {
    long before = admin.engine.snapshot().head().revision();
    HttpResponse<String> answer =
        bulk("{\"glob\": \"**\", \"action\": \"disable\", \"dry_run\": true}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).get("dry_run").booleanValue()).isTrue();
    assertThat(json(answer).get("count").intValue()).isEqualTo(4);
    json(answer)
        .get("routes")
        .forEach(route -> assertThat(route.get("status").textValue()).isEqualTo("disabled"));
    assertThat(disabled()).isEmpty();
    assertThat(admin.engine.snapshot().head().revision()).isEqualTo(before);
  }

  @Test
  void onlyWhatTheCallerSaw() {
    String body = "{\"glob\": \"GET:/v1/*\", \"action\": \"disable\"}";
    String etag =
        admin.send(null, "GET", "/api/routes", null).headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> stale =
        RunningAdmin.send(
            admin.request("POST", "/api/routes/bulk", body).header("If-Match", "\"stale.1\""));
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(stale.headers().firstValue("ETag")).contains(etag);
    assertThat(disabled()).isEmpty();
    assertThat(
            RunningAdmin.send(
                    admin.request("POST", "/api/routes/bulk", body).header("If-Match", etag))
                .statusCode())
        .isEqualTo(200);
    assertThat(disabled()).containsExactly("GET:/v1/a");
  }

  /** A change that comes while a worker looks for the routes is one that nobody saw. */
  @Test
  void onlyWhatTheCallerSawBeforeTheRoutesWereFound() throws Exception {
    String etag =
        admin.send(null, "GET", "/api/routes", null).headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> answer =
        whileRoutesAreSelected(
            "{\"glob\": \"GET:/v1/*\", \"action\": \"enable\"}",
            request -> request.header("If-Match", etag),
            () -> admin.engine.routes().disable("GET:/v1/a", Actor.of("ann", "cli"), ""));
    assertThat(answer.statusCode()).isEqualTo(412);
    assertThat(disabled()).containsExactly("GET:/v1/a");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsForgottenMeanwhileIsNoPartOfIt(boolean dryRun) throws Exception {
    admin.register("/v2/gone");
    admin.make("GET:/v2/gone");
    HttpResponse<String> answer =
        whileRoutesAreSelected(
            "{\"glob\": \"GET:/v2/*\", \"action\": \"disable\", \"dry_run\": " + dryRun + "}",
            request -> request,
            () -> admin.engine.routes().forget("GET:/v2/gone", true, null, Actor.SYSTEM, ""));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).get("count").intValue()).isEqualTo(1);
    assertThat(disabled()).isEqualTo(dryRun ? List.of() : List.of("GET:/v2/a"));
    assertThat(admin.engine.snapshot().state("GET:/v2/gone")).as("not made again").isNull();
  }

  /** The answer to a bulk request, of which a change is made before the routes are found. */
  private HttpResponse<String> whileRoutesAreSelected(
      String body, UnaryOperator<HttpRequest.Builder> request, Supplier<Future<?>> change)
      throws Exception {
    CountDownLatch busy = new CountDownLatch(VertxOptions.DEFAULT_WORKER_POOL_SIZE);
    CountDownLatch released = new CountDownLatch(1);
    for (int i = 0; i < VertxOptions.DEFAULT_WORKER_POOL_SIZE; i++) {
      admin.vertx.executeBlocking(() -> waitFor(busy, released), false);
    }
    busy.await();
    HttpRequest.Builder sent = request.apply(admin.request("POST", "/api/routes/bulk", body));
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> RunningAdmin.send(sent));
    // Whether it comes before or behind this one, the answer is the same.
    assertThat(admin.status(null, "GET", "/health/live")).isEqualTo(200);
    RunningAdmin.await(change.get());
    released.countDown();
    return answer.get(60, TimeUnit.SECONDS);
  }

  private static Void waitFor(CountDownLatch busy, CountDownLatch released)
      throws InterruptedException {
    busy.countDown();
    released.await();
    return null;
  }

  @Test
  void tooManyRoutes() {
    String keys =
        IntStream.rangeClosed(0, 1000)
            .mapToObj(i -> "\"/" + i + "\"")
            .collect(Collectors.joining(","));
    HttpResponse<String> answer = bulk("{\"keys\": [" + keys + "], \"action\": \"enable\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("keys", "at most 1000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"action\": \"enable\"}",
        "{\"action\": \"enable\", \"keys\": [\"GET:/v1/a\"], \"glob\": \"*\"}",
        "{\"action\": \"enable\", \"keys\": \"GET:/v1/a\"}",
        "{\"action\": \"enable\", \"glob\": \"\"}",
        "{\"action\": \"explode\", \"glob\": \"**\"}",
        "{\"glob\": \"**\"}",
        "{\"action\": \"enable\", \"glob\": \"**\", \"dry_run\": \"perhaps\"}"
      })
  void whatIsNotClearIsRefused(String body) {
    HttpResponse<String> answer = bulk(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).get("code").textValue()).isEqualTo("INVALID_VALUE");
  }

  @Test
  void aGlobThatMatchesNothing() {
    assertThat(bulk("{\"glob\": \"GET:/v9/*\", \"action\": \"disable\"}").statusCode())
        .isEqualTo(404);
  }
}
