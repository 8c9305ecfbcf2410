package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.decision.RefusalKind;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.web.ShieldHandlerOptions.LimitTiming;
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
}
