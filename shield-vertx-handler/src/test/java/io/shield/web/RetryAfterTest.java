package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.fixtures.MutableClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How long refused clients are told to wait. */
class RetryAfterTest extends WebTest {
  private static final Duration DAY = Duration.ofDays(1);

  private TestApp closedFor(Duration time, ShieldHandlerOptions options) {
    TestApp app = guarded(options);
    app.router().get("/x").handler(app.named("x"));
    app.start();
    app.apply("/x", new RouteAction.Maintenance("upgrade", MutableClock.START.plus(time)));
    return app;
  }

  @Test
  void notLongerThanAnHourThoughTheBodyHasTheEnd() {
    Answer answer = closedFor(DAY, new ShieldHandlerOptions()).get("/x");
    assertThat(answer.header("Retry-After")).isEqualTo("3600");
    assertThat(answer.error().getString("retry_after")).isEqualTo("2030-01-02T00:00:00Z");
  }

  @Test
  void notLongerThanTheOptionSays() {
    ShieldHandlerOptions options = new ShieldHandlerOptions();
    TestApp longer = closedFor(DAY, options.setRetryAfterMax(Duration.ofDays(7)));
    assertThat(longer.get("/x").header("Retry-After")).isEqualTo("86400");
    TestApp shorter = closedFor(DAY, options.setRetryAfterMax(Duration.ofMillis(1900)));
    assertThat(shorter.get("/x").header("Retry-After")).isEqualTo("1");
  }

  @Test
  void aLimitOfADay() {
    TestApp app = guarded();
    Shield.on(app.router().get("/x")).limit("1/day").handler(app.named("x"));
    app.start();
    app.get("/x");
    Answer answer = app.get("/x");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("3600");
    assertThat(answer.error().getLong("retry_after_seconds")).isEqualTo(86400);
  }

  @Test
  void spreadSoThatNotAllComeBackAtOnce() {
    TestApp app =
        closedFor(Duration.ofSeconds(1000), new ShieldHandlerOptions().setRetryAfterSpread(0.5));
    Set<Long> told = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      told.add(Long.valueOf(app.get("/x").header("Retry-After")));
    }
    assertThat(told).allMatch(seconds -> seconds >= 1000 && seconds < 1500);
    assertThat(told).hasSizeGreaterThan(10);
  }

  @Test
  void theSpreadKeepsBelowTheLongest() {
    ShieldHandlerOptions options =
        new ShieldHandlerOptions().setRetryAfterSpread(1).setRetryAfterMax(Duration.ofSeconds(10));
    TestApp app = closedFor(Duration.ofSeconds(10), options);
    for (int i = 0; i < 20; i++) {
      assertThat(app.get("/x").header("Retry-After")).isEqualTo("10");
    }
  }
}
