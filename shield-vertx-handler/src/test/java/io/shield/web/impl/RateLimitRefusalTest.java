package io.shield.web.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decision;
import io.shield.decision.RefusalKind;
import io.shield.fixtures.MutableClock;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.web.Answer;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.TestApp;
import io.shield.web.WebTest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a refusal by a rate limit looks. */
class RateLimitRefusalTest extends WebTest {
  private final ShieldHandlerOptions options = new ShieldHandlerOptions();
  private Duration left = Duration.ofMillis(29_001);
  private TestApp app;

  @BeforeEach
  void startApp() {
    app = bare();
    app.router()
        .route()
        .handler(
            ctx ->
                new Refusals(
                        options,
                        new LimitHeaders(options.getRateLimitHeaders(), app.clock()),
                        app.clock())
                    .answer(
                        ctx,
                        new Decision.RateLimited(
                            LimitScope.SERVICE,
                            "100/minute;5 per second",
                            100,
                            MutableClock.START.plus(left)),
                        null));
    app.listen();
  }

  @Test
  void statusBodyAndHeaders() {
    Answer answer = app.get("/pay?x=1");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.json())
        .isEqualTo(
            new JsonObject(
                """
                {"error": {
                  "code": "RATE_LIMIT_EXCEEDED",
                  "message": "Too many requests",
                  "scope": "service",
                  "limit": "100/minute;5 per second",
                  "retry_after_seconds": 30,
                  "reset_at": "2030-01-01T00:00:29.001Z",
                  "path": "/pay"}}
                """));
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Retry-After")).isEqualTo("30");
    assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("100");
    assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo("0");
    assertThat(answer.header("X-RateLimit-Reset")).isEqualTo("1893456030");
  }

  /** Also when the moment has passed before the answer is written. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "999, 1", "1000, 1", "1001, 2", "-5000, 1", "3600000, 3600"})
  void retryAfter(long leftMillis, String seconds) {
    left = Duration.ofMillis(leftMillis);
    Answer answer = app.get("/pay");
    assertThat(answer.header("Retry-After")).isEqualTo(seconds);
    assertThat(answer.error().getInteger("retry_after_seconds"))
        .isEqualTo(Integer.parseInt(seconds));
  }

  @Test
  void problemDetails() {
    Answer answer = app.get("/pay", "Accept: application/problem+json");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.header("Retry-After")).isEqualTo("30");
    assertThat(answer.json())
        .isEqualTo(
            new JsonObject(
                """
                {
                  "type": "about:blank",
                  "title": "Too many requests",
                  "status": 429,
                  "instance": "/pay",
                  "code": "RATE_LIMIT_EXCEEDED",
                  "scope": "service",
                  "limit": "100/minute;5 per second",
                  "retry_after_seconds": 30,
                  "reset_at": "2030-01-01T00:00:29.001Z"}
                """));
  }

  @Test
  void aHeadRequestGetsTheSameHeaders() {
    Answer head = app.client().send("HEAD", "/pay");
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().entries().toString())
        .isEqualTo(app.get("/pay").headers().entries().toString());
  }

  @Test
  void aResponderSeesTheDecision() {
    Decision.Refusal[] seen = new Decision.Refusal[1];
    options.setResponder(
        RefusalKind.RATE_LIMITED,
        (ctx, refusal) -> {
          seen[0] = refusal;
          return ctx.response().setStatusCode(420).end("calm down");
        });
    assertThat(app.get("/pay").status()).isEqualTo(420);
    assertThat(seen[0]).isInstanceOf(Decision.RateLimited.class);
  }
}
