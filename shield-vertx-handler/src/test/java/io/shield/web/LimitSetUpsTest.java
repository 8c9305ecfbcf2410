package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shield.decision.RefusalKind;
import io.shield.fixtures.ErrorStream;
import io.shield.model.KeyStrategy;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.shield.web.ShieldHandlerOptions.LimitTiming;
import io.shield.web.impl.RouterHandler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SimpleAuthenticationHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Where in a router limits are charged, and keys that come later. */
class LimitSetUpsTest extends WebTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ShieldHandlerOptions LATER =
      new ShieldHandlerOptions().setLimits(LimitTiming.LATER);

  private static SimpleAuthenticationHandler byHeader() {
    return SimpleAuthenticationHandler.create()
        .authenticate(
            ctx -> {
              String name = ctx.request().getHeader("user");
              return name == null
                  ? Future.failedFuture("nobody")
                  : Future.succeededFuture(User.fromName(name));
            });
  }

  private static int status(TestApp app, String target, String... headers) {
    return app.get(target, headers).status();
  }

  @Test
  void limitsByUserAreChargedBehindAuthentication() {
    TestApp app = guarded(LATER);
    app.router().route().handler(byHeader());
    app.router().route().handler(ShieldHandler.limits(app.engine()));
    Shield.on(app.router().get("/x"))
        .limit("1/minute", policy -> policy.keyStrategy(KeyStrategy.USER))
        .handler(app.named("x"));
    app.start();
    assertThat(status(app, "/x", "user: a")).isEqualTo(200);
    assertThat(status(app, "/x", "user: a")).isEqualTo(429);
    assertThat(status(app, "/x", "user: b")).isEqualTo(200);
    assertThat(status(app, "/x")).isEqualTo(401);
    assertThat(app.get("/x", "user: c").header("X-RateLimit-Remaining")).isEqualTo("0");
  }

  @Test
  void aGuardCanLeaveChargingToAHandlerBehind() {
    TestApp app = bare();
    Shield.on(app.router().get("/x"))
        .limit("1/minute", policy -> policy.keyStrategy(KeyStrategy.USER))
        .route()
        .handler(byHeader())
        .handler(ShieldHandler.guard(app.engine(), LATER))
        .handler(ShieldHandler.limits(app.engine()))
        .handler(app.named("x"));
    Shield.on(app.router().get("/now"))
        .limit("1/minute")
        .route()
        .handler(ShieldHandler.guard(app.engine()))
        .handler(app.named("now"));
    app.start();
    assertThat(status(app, "/x", "user: a")).isEqualTo(200);
    assertThat(status(app, "/x", "user: a")).isEqualTo(429);
    assertThat(status(app, "/x", "user: b")).isEqualTo(200);
    assertThat(status(app, "/now")).isEqualTo(200);
    assertThat(status(app, "/now")).isEqualTo(429);
  }

  @Test
  void whoLeavesChargingForLaterKeepsWhatWasLeftBefore() {
    TestApp app = guarded(LATER);
    Shield.on(app.router().route("/api/*")).limit("2/minute").handler(ctx -> ctx.next());
    Shield.on(app.router().get("/api/x"))
        .limit("9/minute")
        .route()
        .handler(ShieldHandler.guard(app.engine(), LATER))
        .handler(ShieldHandler.limits(app.engine()))
        .handler(app.named("x"));
    app.start();
    assertThat(app.get("/api/x").header("X-RateLimit-Remaining")).isEqualTo("1");
    assertThat(app.get("/api/x").header("X-RateLimit-Remaining")).isEqualTo("0");
    assertThat(status(app, "/api/x")).isEqualTo(429);
  }

  @Test
  void twoThatChargeAreReportedAndChargeOnce() {
    TestApp app = bare();
    var handler = (RouterHandler) ShieldHandler.create(app.engine(), app.router());
    app.router().route().handler(handler);
    app.router().route().handler(ShieldHandler.limits(app.engine()));
    Shield.on(app.router().get("/x")).limit("2/minute").handler(app.named("x"));
    app.start();
    assertThatThrownBy(handler::refresh)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ShieldHandler.limits")
        .hasMessageContaining("limits: LATER");
    assertThat(status(app, "/x")).isEqualTo(200);
    assertThat(status(app, "/x")).isEqualTo(200);
    assertThat(status(app, "/x")).isEqualTo(429);
  }

  @Test
  void whoLeavesChargingToNobodyIsWarned() {
    TestApp app = bare();
    var handler = (RouterHandler) ShieldHandler.create(app.engine(), app.router(), LATER);
    app.router().route().handler(handler);
    var limits = app.router().route().handler(ShieldHandler.limits(app.engine()));
    try (ErrorStream log = new ErrorStream()) {
      handler.refresh();
      assertThat(log.lines("no route has that handler")).isEmpty();
      limits.remove();
      handler.refresh();
      handler.refresh();
      assertThat(log.lines("no route has that handler")).hasSize(1);
    }
  }

  @Test
  void aKeyMayComeLaterAndTheBodyIsNotLost() {
    List<Promise<String>> asked = new CopyOnWriteArrayList<>();
    TestApp app = guarded();
    app.router().route().handler(BodyHandler.create(false));
    Shield.on(app.router().post("/x"))
        .limit("1/minute", policy -> policy.keyStrategy(KeyStrategy.CUSTOM))
        .asyncLimitKey(
            ctx -> {
              Promise<String> key = Promise.promise();
              asked.add(key);
              vertx.setTimer(1, timer -> key.complete(ctx.request().getHeader("tenant")));
              return key.future();
            })
        .handler(ctx -> ctx.response().end(ctx.body().asString()));
    app.start();
    Answer first = app.client().sendBody("POST", "/x", "hello", "tenant: a");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body()).isEqualTo("hello");
    assertThat(app.client().sendBody("POST", "/x", "hello", "tenant: a").status()).isEqualTo(429);
    assertThat(app.client().sendBody("POST", "/x", "hello", "tenant: b").status()).isEqualTo(200);
    assertThat(asked).hasSize(3);
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void anErrorInAKeyLetsTheRequestPassAndIsCounted() {
    TestApp app =
        guarded(
            new ShieldHandlerOptions()
                .setLimitKey(
                    ctx -> {
                      throw new IllegalStateException("no key today");
                    }));
    Shield.on(app.router().get("/x"))
        .limit("1/minute", policy -> policy.keyStrategy(KeyStrategy.CUSTOM))
        .handler(app.named("x"));
    Shield.on(app.router().get("/y"))
        .limit("1/minute", policy -> policy.keyStrategy(KeyStrategy.CUSTOM))
        .asyncLimitKey(ctx -> vertx.timer(1).compose(v -> Future.failedFuture("none")))
        .handler(app.named("y"));
    app.start();
    for (int i = 1; i <= 3; i++) {
      assertThat(status(app, "/x")).isEqualTo(200);
      assertThat(status(app, "/y")).isEqualTo(200);
      assertThat(app.engine().errors()).isEqualTo(2L * i);
    }
  }

  @Test
  void whatCodeDeclaresIsReplacedByCodeAndNotPutOverAChange() {
    TestApp first = guarded();
    Shield.on(first.router().get("/x")).limit("1/minute").handler(first.named("x"));
    Shield.on(first.router().route("/y")).limit("1/minute").handler(first.named("y"));
    first.start();
    assertThat(first.get("/x").status()).isEqualTo(200);
    assertThat(first.engine().rateLimits().get("GET:/x"))
        .hasValueSatisfying(p -> assertThat(p.value().origin()).isEqualTo(Origin.CODE));
    assertThat(first.engine().rateLimits().get("ALL:/y")).isPresent();
    TestApp.await(
        first
            .engine()
            .rateLimits()
            .set(RateLimitPolicy.of("GET", "/x", "3/minute"), TestApp.ALICE));

    TestApp next = closing(TestApp.bare(vertx, first.store(), options -> options));
    next.router().route().handler(ShieldHandler.create(next.engine(), next.router()));
    Shield.on(next.router().get("/x")).limit("7/minute").handler(next.named("x"));
    Shield.on(next.router().route("/y")).limit("8/minute").handler(next.named("y"));
    next.start();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(next.get("/y").header("X-RateLimit-Limit")).isEqualTo("8"));
    assertThat(next.get("/x").header("X-RateLimit-Limit")).isEqualTo("3");
  }

  @Test
  void whatCodeLimitsIsLimitedStillWhenTheRouteIsForcedAway() {
    TestApp app = guarded();
    Shield.on(app.router().route("/all")).limit("1/minute").handler(app.named("all"));
    Shield.on(app.router().get("/get")).limit("1/minute").handler(app.named("get"));
    app.start();
    for (String key : List.of("/all", "GET:/get")) {
      TestApp.await(app.engine().routes().forget(key, true, null, TestApp.ALICE, ""));
      String target = key.substring(key.indexOf('/'));
      assertThat(app.get(target).status()).isEqualTo(200);
      assertThat(app.get(target).status()).as(key).isEqualTo(429);
    }
  }

  @Test
  void refusalsCanBeAnsweredInTheApplicationsWay() {
    TestApp app =
        guarded(
            new ShieldHandlerOptions()
                .setResponder(
                    RefusalKind.RATE_LIMITED,
                    (ctx, refusal) -> ctx.response().setStatusCode(418).end("slowly")));
    Shield.on(app.router().get("/x")).limit("1/minute").handler(app.named("x"));
    app.start();
    assertThat(status(app, "/x")).isEqualTo(200);
    Answer answer = app.get("/x");
    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("slowly");
  }

  @Test
  void hitsOfOneKeyAreOne() {
    TestApp app = guarded();
    Shield.on(app.router().get("/x")).limit("1/minute").handler(app.named("x"));
    Shield.on(app.router().get("/y")).limit("1/minute").handler(app.named("y"));
    app.start();
    for (int i = 0; i < 6; i++) {
      status(app, "/x");
    }
    status(app, "/y");
    app.clock().advance(Duration.ofSeconds(1));
    status(app, "/y");
    List<RateLimitHit> all = TestApp.await(app.engine().rateLimits().hits(HitQuery.newest(10)));
    assertThat(all).extracting(RateLimitHit::path).containsExactlyInAnyOrder("/x", "/y");
    List<RateLimitHit> hits =
        TestApp.await(app.engine().rateLimits().hits(HitQuery.newest(10).of("GET:/x")));
    assertThat(hits).hasSize(1);
    assertThat(hits.get(0).count()).isEqualTo(5);
    assertThat(hits.get(0).key()).isEqualTo("ip:127.0.0.1");
  }
}
