package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.decision.RefusalKind;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.web.ShieldHandlerOptions.LimitTiming;
import io.shield.web.ShieldHandlerOptions.RateLimitHeaders;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers of two engines on one router: each charges what its own engine limits. */
class TwoEnginesTest extends WebTest {
  private static void limit(ShieldEngine engine, String limit) {
    TestApp.await(engine.rateLimits().set(RateLimitPolicy.of("GET", "/x", limit), TestApp.ALICE));
  }

  @ParameterizedTest
  @EnumSource
  void noLimitOfOneIsTakenForTheOthers(LimitTiming timing) {
    ShieldHandlerOptions options = new ShieldHandlerOptions().setLimits(timing);
    TestApp app = guarded(options);
    TestApp other = bare();
    app.router().route().handler(ShieldHandler.create(other.engine(), app.router(), options));
    if (timing == LimitTiming.LATER) {
      app.router().route().handler(ShieldHandler.limits(app.engine()));
      app.router().route().handler(ShieldHandler.limits(other.engine()));
    }
    app.router().get("/x").handler(app.named("x"));
    TestApp.await(other.engine().start());
    app.start();
    limit(app.engine(), "3/minute");
    limit(other.engine(), "2/minute");
    assertThat(app.get("/x").status()).isEqualTo(200);
    assertThat(app.get("/x").status()).isEqualTo(200);
    assertThat(app.get("/x").status()).isEqualTo(429);
    // What the other one refuses, by a limit or a gate, takes nothing of this one's.
    TestApp.await(other.engine().routes().disable("GET:/x", TestApp.ALICE, ""));
    Answer closed = app.get("/x");
    assertThat(closed.status()).isEqualTo(503);
    assertThat(closed.header("X-RateLimit-Remaining")).isNull();
    TestApp.await(other.engine().routes().enable("GET:/x", TestApp.ALICE, ""));
    TestApp.await(other.engine().rateLimits().delete("GET:/x", TestApp.ALICE));
    assertThat(app.get("/x").status()).isEqualTo(200);
    assertThat(app.get("/x").status()).isEqualTo(429);
    assertThat(app.ran()).hasSize(3);
  }

  /** Nothing was taken of a request that is sent on from a refusal: it is charged where it ends. */
  @Test
  void whatIsSentOnFromARefusalOfTheOtherIsCharged() {
    ShieldHandlerOptions sendingOn =
        new ShieldHandlerOptions()
            .setResponder(
                RefusalKind.DISABLED,
                (ctx, refusal) -> {
                  ctx.reroute("/sorry");
                  return Future.succeededFuture();
                });
    TestApp app = guarded();
    TestApp other = bare();
    app.router().route().handler(ShieldHandler.create(other.engine(), app.router(), sendingOn));
    app.router().get("/x").handler(app.named("x"));
    app.router().get("/sorry").handler(app.named("sorry"));
    TestApp.await(other.engine().start());
    app.start();
    TestApp.await(
        app.engine()
            .rateLimits()
            .global()
            .set(GlobalRateLimitPolicy.of("2/minute"), TestApp.ALICE));
    TestApp.await(other.engine().routes().disable("GET:/x", TestApp.ALICE, ""));
    assertThat(app.get("/x").status()).isEqualTo(200);
    assertThat(app.get("/x").status()).isEqualTo(200);
    assertThat(app.get("/x").status()).isEqualTo(429);
    assertThat(app.ran()).containsExactly("sorry", "sorry");
  }

  /** Whichever handler comes first, and a refusal takes back what the other one told. */
  @Test
  void theTightestLimitOfBothIsTold() {
    ShieldHandlerOptions both =
        new ShieldHandlerOptions().setRateLimitHeaders(RateLimitHeaders.BOTH);
    TestApp app = guarded(both);
    TestApp other = bare();
    app.router().route().handler(ShieldHandler.create(other.engine(), app.router(), both));
    app.router().get("/x").handler(app.named("x"));
    TestApp.await(other.engine().start());
    app.start();
    limit(app.engine(), "3/minute");
    limit(other.engine(), "50/minute");
    assertStanding(app.get("/x"), "3", "2");
    limit(other.engine(), "2/minute");
    Answer second = app.get("/x");
    assertStanding(second, "2", "0");
    assertThat(second.header("RateLimit-Policy"))
        .isEqualTo("\"route\";q=3;w=60, \"route-2\";q=2;w=60");
    assertThat(second.header("RateLimit"))
        .startsWith("\"route\";r=1;")
        .contains("\"route-2\";r=0;");
    Answer refused = app.get("/x");
    assertThat(refused.status()).isEqualTo(429);
    assertStanding(refused, "2", "0");
    assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"route\";q=2;w=60");
  }

  private static void assertStanding(Answer answer, String limit, String remaining) {
    assertThat(answer.header("X-RateLimit-Limit")).isEqualTo(limit);
    assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo(remaining);
  }

  /** It was given back. */
  @Test
  void aRefusalThatTellsNothingTellsNothingOfTheOtherEither() {
    TestApp app = guarded();
    TestApp other = bare();
    ShieldHandlerOptions silent =
        new ShieldHandlerOptions().setRateLimitHeaders(RateLimitHeaders.OFF);
    app.router().route().handler(ShieldHandler.create(other.engine(), app.router(), silent));
    app.router().get("/x").handler(app.named("x"));
    TestApp.await(other.engine().start());
    app.start();
    limit(app.engine(), "3/minute");
    limit(other.engine(), "1/minute");
    assertStanding(app.get("/x"), "3", "2");
    Answer refused = app.get("/x");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("X-RateLimit-Remaining")).isNull();
  }
}
