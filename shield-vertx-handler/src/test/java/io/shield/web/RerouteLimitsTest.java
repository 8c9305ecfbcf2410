package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.web.ShieldHandlerOptions.LimitTiming;
import io.shield.web.ShieldHandlerOptions.RateLimitHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.MethodOverrideHandler;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each policy counts a request once, whatever route it is sent on to. */
class RerouteLimitsTest extends WebTest {
  private static final String DELETE = "X-HTTP-Method-Override: DELETE";

  private TestApp rerouting(ShieldHandlerOptions options) {
    TestApp app = guarded(options);
    if (options.getLimits() == LimitTiming.LATER) {
      app.router().route().handler(ShieldHandler.limits(app.engine()));
    }
    app.router().get("/open").handler(ctx -> ctx.reroute("/narrow"));
    Shield.on(app.router().get("/wide")).limit("9/minute").handler(ctx -> ctx.reroute("/narrow"));
    Shield.on(app.router().get("/narrow")).limit("2/minute").handler(app.named("narrow"));
    app.start();
    return app;
  }

  private static void limitFleet(TestApp app, String limit) {
    TestApp.await(
        app.engine().rateLimits().global().set(GlobalRateLimitPolicy.of(limit), TestApp.ALICE));
  }

  private static String remaining(TestApp app, String target) {
    return app.get(target).header("X-RateLimit-Remaining");
  }

  @Test
  void theRouteThatItEndsInIsCharged() {
    TestApp app = rerouting(new ShieldHandlerOptions());
    assertThat(remaining(app, "/wide")).isEqualTo("1");
    assertThat(remaining(app, "/open")).isEqualTo("0");
    assertThat(app.get("/open").status()).isEqualTo(429);
    assertThat(app.get("/wide").status()).isEqualTo(429);
    assertThat(app.get("/narrow").status()).isEqualTo(429);
    assertThat(app.ran()).containsExactly("narrow", "narrow");
  }

  @Test
  void soItIsWhereLimitsAreChargedLater() {
    TestApp app = rerouting(new ShieldHandlerOptions().setLimits(LimitTiming.LATER));
    assertThat(remaining(app, "/wide")).isEqualTo("1");
    assertThat(remaining(app, "/open")).isEqualTo("0");
    assertThat(app.get("/open").status()).isEqualTo(429);
    assertThat(app.get("/wide").status()).isEqualTo(429);
  }

  @Test
  void aLimitOfTheFleetCountsItOnceAndReplacesNoOther() {
    TestApp app = rerouting(new ShieldHandlerOptions());
    limitFleet(app, "100/minute");
    assertThat(app.get("/open").status()).isEqualTo(200);
    assertThat(app.get("/open").status()).isEqualTo(200);
    assertThat(app.get("/open").status()).isEqualTo(429);
    limitFleet(app, "3/minute");
    TestApp.await(app.engine().rateLimits().resetAll(TestApp.ALICE));
    assertThat(app.get("/open").status()).isEqualTo(200);
    assertThat(app.get("/wide").status()).isEqualTo(200);
    assertThat(app.get("/open").status()).isEqualTo(429);
    TestApp.await(
        app.engine()
            .rateLimits()
            .set(RateLimitPolicy.of("GET", "/narrow", "50/minute"), TestApp.ALICE));
    TestApp.await(app.engine().rateLimits().reset("/narrow", "GET", TestApp.ALICE));
    assertThat(remaining(app, "/open")).isEqualTo("0");
    assertThat(app.get("/open").status()).isEqualTo(429);
  }

  /** What the first route's limit took is there for requests that are not sent on. */
  @Test
  void aRefusalBehindARerouteCostsNothing() {
    TestApp app = rerouting(new ShieldHandlerOptions());
    app.get("/narrow");
    app.get("/narrow");
    for (int i = 0; i < 20; i++) {
      assertThat(app.get("/wide").status()).isEqualTo(429);
    }
    TestApp.await(app.engine().rateLimits().reset("/narrow", "GET", TestApp.ALICE));
    limitFleet(app, "8/minute");
    for (int i = 0; i < 20; i++) {
      app.get("/wide");
    }
    TestApp.await(app.engine().rateLimits().pause("GET:/narrow", TestApp.ALICE));
    assertThat(remaining(app, "/wide")).isEqualTo("5");
  }

  /** A request that is blocked consumes nothing, also where only its end is closed. */
  @Test
  void aClosedGateBehindARerouteCostsNothing() {
    TestApp app = guarded();
    Shield.on(app.router().get("/from"))
        .limit("2/minute", policy -> policy.maxConcurrent(1))
        .handler(ctx -> ctx.reroute("/pay"));
    app.router().get("/pay").handler(app.named("pay"));
    app.start();
    app.disable("GET:/pay");
    for (int i = 0; i < 5; i++) {
      assertThat(app.get("/from").status()).isEqualTo(503);
    }
    app.enable("GET:/pay");
    assertThat(remaining(app, "/from")).isEqualTo("1");
    assertThat(app.get("/from").status()).isEqualTo(200);
    assertThat(app.get("/from").status()).isEqualTo(429);
    assertThat(app.ran()).containsExactly("pay", "pay");
  }

  /** The only limit there is goes, and comes back, while a request that it counted is under way. */
  @Test
  void aRefusalCostsNothingOfALimitThatIsPausedMeanwhile() {
    TestApp app = guarded();
    var limits = app.engine().rateLimits();
    Shield.on(app.router().get("/from"))
        .limit("2/minute")
        .handler(
            ctx ->
                limits.pause("GET:/from", TestApp.ALICE).onComplete(done -> ctx.reroute("/pay")));
    app.router().get("/pay").handler(app.named("pay"));
    app.start();
    app.disable("GET:/pay");
    assertThat(app.get("/from").status()).isEqualTo(503);
    TestApp.await(limits.resume("GET:/from", TestApp.ALICE));
    app.enable("GET:/pay");
    limitFleet(app, "100/minute");
    assertThat(remaining(app, "/from")).isEqualTo("1");
  }

  /**
   * Neither of a route that it was sent on from, nor of one that was closed after it was charged.
   */
  @Test
  void aRefusalByAGateTellsOfNoLimit() {
    TestApp app = guarded(new ShieldHandlerOptions().setRateLimitHeaders(RateLimitHeaders.BOTH));
    Shield.on(app.router().get("/from")).limit("9/minute").handler(ctx -> ctx.reroute("/pay"));
    Shield.on(app.router().get("/pay"))
        .limit("2/minute")
        .handler(ctx -> closeMeanwhile(app, ctx))
        .handler(ShieldHandler.guard(app.engine()))
        .handler(app.named("pay"));
    app.start();
    for (String target : List.of("/pay?close", "/pay", "/from")) {
      Answer refused = app.get(target);
      assertThat(refused.status()).as(target).isEqualTo(503);
      for (String header :
          List.of(
              "X-RateLimit-Limit",
              "X-RateLimit-Remaining",
              "X-RateLimit-Reset",
              "RateLimit",
              "RateLimit-Policy")) {
        assertThat(refused.header(header)).as(target + " " + header).isNull();
      }
    }
    app.enable("GET:/pay");
    assertThat(remaining(app, "/pay")).isEqualTo("1");
  }

  private static void closeMeanwhile(TestApp app, RoutingContext ctx) {
    if (ctx.queryParams().contains("close")) {
      app.engine().routes().disable("GET:/pay", TestApp.ALICE, "").onSuccess(v -> ctx.next());
    } else {
      ctx.next();
    }
  }

  @Test
  void theMethodThatItEndsInIsCharged() {
    TestApp app = guarded();
    app.router().route().handler(MethodOverrideHandler.create());
    app.router().post("/x").handler(app.named("post"));
    Shield.on(app.router().delete("/x")).limit("1/minute").handler(app.named("delete"));
    app.start();
    limitFleet(app, "100/minute");
    assertThat(app.client().send("POST", "/x", DELETE).body()).isEqualTo("delete");
    assertThat(app.client().send("POST", "/x", DELETE).status()).isEqualTo(429);
    assertThat(app.client().send("DELETE", "/x").status()).isEqualTo(429);
    assertThat(app.client().send("POST", "/x").status()).isEqualTo(200);
  }

  @Test
  void aTemplateThatStandsTwiceOnTheWayIsChargedOnce() {
    TestApp app = guarded();
    Shield.on(app.router().route("/a/*")).limit("2/minute").handler(ctx -> ctx.next());
    app.router().route("/a/*").method(HttpMethod.GET).handler(ctx -> ctx.next());
    app.router().get("/a/*").handler(app.named("a"));
    app.start();
    assertThat(remaining(app, "/a/x")).isEqualTo("1");
    assertThat(remaining(app, "/a/x")).isEqualTo("0");
    assertThat(app.get("/a/x").status()).isEqualTo(429);
  }
}
