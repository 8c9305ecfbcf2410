package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.fixtures.MutableClock;
import io.shield.model.MaintenanceWindow;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What API clients are sent when a request is refused. */
class RefusalTest extends WebTest {
  private static final Instant NOW = MutableClock.START;

  private TestApp app;

  @BeforeEach
  void startApp() {
    app = guarded();
    app.router().get("/payments").handler(app.named("payments"));
    app.router().post("/payments").handler(app.named("pay"));
    app.router().route("/all").handler(app.named("all"));
    app.router().get("/orders/:id").handler(app.named("order"));
    app.start();
  }

  private static void assertHeaders(Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Date")).isEqualTo("Tue, 01 Jan 2030 00:00:00 GMT");
    assertThat(answer.header("Content-Length")).isEqualTo("" + answer.body().length());
  }

  @Test
  void maintenanceWithoutAnEnd() {
    app.maintenance("GET:/payments");
    Answer answer = app.get("/payments");
    assertHeaders(answer, 503);
    assertThat(answer.json())
        .isEqualTo(
            new JsonObject(
                """
                {"error": {
                  "code": "MAINTENANCE_MODE",
                  "message": "This endpoint is temporarily unavailable",
                  "reason": "upgrade",
                  "path": "/payments"}}
                """));
    assertThat(answer.header("Retry-After")).isNull();
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void maintenanceUntilAMoment() {
    Instant until = NOW.plusSeconds(90);
    app.apply("GET:/payments", new RouteAction.Maintenance("upgrade", until));
    Answer answer = app.get("/payments");
    assertHeaders(answer, 503);
    assertThat(answer.error().getString("retry_after")).isEqualTo("2030-01-01T00:01:30Z");
    assertThat(answer.header("Retry-After")).isEqualTo("90");
  }

  @Test
  void maintenanceInAWindow() {
    MaintenanceWindow window =
        new MaintenanceWindow(NOW.minusSeconds(10), NOW.plusSeconds(50), "nightly");
    app.apply("GET:/payments", new RouteAction.Schedule(window));
    Answer answer = app.get("/payments");
    assertHeaders(answer, 503);
    assertThat(answer.error().getString("reason")).isEqualTo("nightly");
    assertThat(answer.error().getString("retry_after")).isEqualTo("2030-01-01T00:00:50Z");
    assertThat(answer.header("Retry-After")).isEqualTo("50");
  }

  @Test
  void theFleetsMaintenance() {
    TestApp.await(app.engine().maintenance().enableGlobal(TestApp.ALICE, "moving house"));
    Answer answer = app.get("/orders/7");
    assertHeaders(answer, 503);
    assertThat(answer.code()).isEqualTo("MAINTENANCE_MODE");
    assertThat(answer.error().getString("reason")).isEqualTo("moving house");
    assertThat(answer.error().getString("path")).isEqualTo("/orders/7");
    assertThat(answer.error().containsKey("retry_after")).isFalse();
    assertThat(answer.header("Retry-After")).isNull();
  }

  @Test
  void disabledWithoutAnEnd() {
    app.disable("GET:/payments");
    Answer answer = app.get("/payments?x=1");
    assertHeaders(answer, 503);
    assertThat(answer.json())
        .isEqualTo(
            new JsonObject(
                """
                {"error": {
                  "code": "ROUTE_DISABLED",
                  "message": "This endpoint has been disabled",
                  "reason": "broken",
                  "path": "/payments"}}
                """));
    assertThat(answer.header("Retry-After")).isNull();
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void disabledUntilAMoment() {
    app.apply("GET:/payments", new RouteAction.Disable("broken", NOW.plusSeconds(3600)));
    Answer answer = app.get("/payments");
    assertHeaders(answer, 503);
    assertThat(answer.header("Retry-After")).isEqualTo("3600");
    assertThat(answer.error().fieldNames())
        .containsExactlyInAnyOrder("code", "message", "reason", "path");
  }

  @Test
  void gatedByEnvironment() {
    app.apply("GET:/payments", new RouteAction.EnvGate(List.of("dev", "staging"), null, null));
    Answer answer = app.get("/payments");
    assertHeaders(answer, 403);
    JsonObject error =
        new JsonObject()
            .put("code", "ENV_GATED")
            .put("message", "This endpoint is not available in the current environment")
            .put("current_env", "production")
            .put("allowed_envs", new JsonArray().add("dev").add("staging"))
            .put("path", "/payments");
    assertThat(answer.json()).isEqualTo(new JsonObject().put("error", error));
    assertThat(answer.header("Retry-After")).isNull();
    assertThat(app.ran()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT1S, 1",
    "PT0.999S, 1",
    "PT0.001S, 1",
    "PT1.001S, 2",
    "PT59.5S, 60",
    "PT60S, 60",
    "PT1H, 3600"
  })
  void retryAfterIsInSecondsRoundedUp(Duration left, String header) {
    app.apply("GET:/payments", new RouteAction.Disable("broken", NOW.plus(left)));
    assertThat(app.get("/payments").header("Retry-After")).isEqualTo(header);
  }

  @Test
  void retryAfterCountsDownToTheEnd() {
    app.apply("GET:/payments", new RouteAction.Disable("broken", NOW.plusSeconds(10)));
    app.clock().advance(Duration.ofMillis(7200));
    assertThat(app.get("/payments").header("Retry-After")).isEqualTo("3");
    app.clock().advance(Duration.ofMillis(2799));
    assertThat(app.get("/payments").header("Retry-After")).isEqualTo("1");
    app.clock().advance(Duration.ofMillis(1));
    assertThat(app.get("/payments").status()).isEqualTo(200);
  }

  @Test
  void theRequestedPathIsShownAsItWasSent() {
    app.disable("GET:/orders/:id");
    for (String path : List.of("/orders/1", "//orders/%31", "/orders/1/", "/x/../orders/%3Cb%3E")) {
      Answer answer = app.get(path + "?secret=1");
      assertThat(answer.code()).isEqualTo("ROUTE_DISABLED");
      assertThat(answer.error().getString("path")).isEqualTo(path);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "say \"no\"",
        "two\nlines\r\nand\ta tab",
        "back\\slash",
        "<script>alert(1)</script>",
        "päivä ☃ 𝄞",
        "\",\"code\":\"OK"
      })
  void reasonsAreEscaped(String reason) {
    app.apply("GET:/payments", new RouteAction.Disable(reason, null));
    Answer answer = app.get("/payments");
    assertThat(answer.error().getString("reason")).isEqualTo(reason);
    assertThat(answer.code()).isEqualTo("ROUTE_DISABLED");
    assertThat(answer.headers().size()).isEqualTo(4);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void aHeadRequestGetsTheSameHeadersAndNoBody() {
    app.apply("/all", new RouteAction.Maintenance("upgrade", NOW.plusSeconds(30)));
    Answer get = app.get("/all");
    Answer head = app.client().send("HEAD", "/all");
    assertThat(head.status()).isEqualTo(503);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().entries().toString()).isEqualTo(get.headers().entries().toString());
    assertThat(app.get("/all").body()).as("the connection goes on").isEqualTo(get.body());
    assertThat(app.client().connections()).isEqualTo(1);
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void headFollowsGetAndAPutDoesNot() {
    app.maintenance("GET:/all");
    assertThat(app.client().send("HEAD", "/all").status()).isEqualTo(503);
    assertThat(app.client().send("PUT", "/all").status()).isEqualTo(200);
  }
}
