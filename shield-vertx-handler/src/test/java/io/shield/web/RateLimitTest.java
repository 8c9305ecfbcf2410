package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.KeyStrategy;
import io.shield.model.OnMissingKey;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.shield.web.ShieldHandlerOptions.RateLimitHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Rate limits from the declaration to the answer. */
class RateLimitTest extends WebTest {
  private static final ShieldHandlerOptions BY_HEADER =
      new ShieldHandlerOptions().setIdentity(RateLimitTest::identity);

  private static Identity identity(RoutingContext ctx) {
    String user = ctx.request().getHeader("user");
    String role = ctx.request().getHeader("role");
    return new Identity(
        user, role == null ? Set.of() : Set.of(role), ctx.request().getHeader("plan"));
  }

  private TestApp limited(String limit, UnaryOperator<RateLimitPolicy.Builder> policy) {
    TestApp app = guarded(BY_HEADER);
    Shield.on(app.router().get("/x")).limit(limit, policy).handler(app.named("x"));
    app.router().get("/free").handler(app.named("free"));
    return app.start();
  }

  private TestApp limited(String limit) {
    return limited(limit, policy -> policy);
  }

  private static List<Integer> statuses(TestApp app, int times, String target, String... headers) {
    return IntStream.range(0, times).mapToObj(i -> app.get(target, headers).status()).toList();
  }

  @Test
  void fivePassCountingDownAndTheSixthIsRefused() {
    TestApp app = limited("5/minute");
    app.clock().advance(Duration.ofSeconds(18));
    for (int left = 4; left >= 0; left--) {
      Answer answer = app.get("/x");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("5");
      assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo(Integer.toString(left));
      assertThat(answer.header("X-RateLimit-Reset")).isEqualTo("1893456060");
      assertThat(answer.header("RateLimit")).isNull();
    }
    Answer refused = app.get("/x?q=1");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json())
        .isEqualTo(
            new JsonObject(
                """
                {"error": {
                  "code": "RATE_LIMIT_EXCEEDED",
                  "message": "Too many requests",
                  "scope": "route",
                  "limit": "5/minute",
                  "retry_after_seconds": 42,
                  "reset_at": "2030-01-01T00:01:00Z",
                  "path": "/x"}}
                """));
    assertThat(refused.header("Retry-After")).isEqualTo("42");
    assertThat(refused.header("X-RateLimit-Remaining")).isEqualTo("0");
    assertThat(app.get("/free").header("X-RateLimit-Limit")).isNull();

    app.clock().advance(Duration.ofSeconds(41));
    assertThat(app.get("/x").status()).isEqualTo(429);
    app.clock().advance(Duration.ofSeconds(1));
    assertThat(app.get("/x").status()).isEqualTo(200);
    assertThat(app.ran()).containsExactly("x", "x", "x", "x", "x", "free", "x");
  }

  @Test
  void aBurstIsAddedInEveryAlgorithm() {
    for (RateLimitAlgorithm algorithm : RateLimitAlgorithm.values()) {
      TestApp app = limited("2/minute", policy -> policy.algorithm(algorithm).burst(1));
      assertThat(statuses(app, 4, "/x")).containsExactly(200, 200, 200, 429);
    }
  }

  @Test
  void headersCanBeThoseOfTheDraftOrNone() {
    TestApp app = guarded(new ShieldHandlerOptions().setRateLimitHeaders(RateLimitHeaders.BOTH));
    Shield.on(app.router().get("/x")).limit("2/minute;9/hour").handler(app.named("x"));
    app.start();
    Answer answer = app.get("/x");
    assertThat(answer.header("RateLimit-Policy"))
        .isEqualTo("\"route\";q=2;w=60, \"route-2\";q=9;w=3600");
    assertThat(answer.header("RateLimit")).isEqualTo("\"route\";r=1;t=60, \"route-2\";r=8;t=3600");
    assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("2");
    app.get("/x");
    Answer refused = app.get("/x");
    assertThat(refused.error().getString("limit")).isEqualTo("2/minute");
    assertThat(refused.header("RateLimit")).isEqualTo("\"route\";r=0;t=60, \"route-2\";r=7;t=3600");

    TestApp off = guarded(new ShieldHandlerOptions().setRateLimitHeaders(RateLimitHeaders.OFF));
    Shield.on(off.router().get("/x")).limit("1/minute").handler(off.named("x"));
    off.start();
    assertThat(off.get("/x").headers().names()).noneMatch(name -> name.contains("RateLimit"));
    Answer plain = off.get("/x");
    assertThat(plain.header("Retry-After")).isEqualTo("60");
    assertThat(plain.headers().names()).noneMatch(name -> name.contains("RateLimit"));
  }

  /** What comes back bit by bit is there again before everything is. */
  @Test
  void theDraftOfARefusalAgreesWithRetryAfter() {
    for (RateLimitAlgorithm algorithm : RateLimitAlgorithm.values()) {
      TestApp app = guarded(new ShieldHandlerOptions().setRateLimitHeaders(RateLimitHeaders.DRAFT));
      Shield.on(app.router().get("/x"))
          .limit("4/minute", policy -> policy.algorithm(algorithm))
          .handler(app.named("x"));
      app.start();
      for (int i = 0; i < 4; i++) {
        app.get("/x");
        app.clock().advance(Duration.ofSeconds(1));
      }
      Answer refused = app.get("/x");
      assertThat(refused.header("RateLimit"))
          .as("%s", algorithm)
          .isEqualTo("\"route\";r=0;t=" + refused.header("Retry-After"));
    }
  }

  @Test
  void limitsByUserPlanRoleAndMissingKey() {
    TestApp app =
        limited(
            "1/minute",
            policy ->
                policy
                    .keyStrategy(KeyStrategy.USER)
                    .tiers(
                        List.of(
                            new RateLimitTier("pro", "2/minute"),
                            new RateLimitTier("max", "unlimited")))
                    .exemptRoles(List.of("ops")));
    assertThat(statuses(app, 2, "/x", "user: a")).containsExactly(200, 429);
    assertThat(statuses(app, 2, "/x", "user: b")).containsExactly(200, 429);
    assertThat(statuses(app, 3, "/x", "user: c", "plan: pro")).containsExactly(200, 200, 429);
    assertThat(statuses(app, 4, "/x", "user: d", "plan: max")).containsOnly(200);
    assertThat(statuses(app, 4, "/x", "user: a", "role: ops")).containsOnly(200);
    // Nobody: the default for users is to exempt.
    assertThat(statuses(app, 3, "/x")).containsOnly(200);

    TestApp blocking =
        limited(
            "1/minute",
            policy -> policy.keyStrategy(KeyStrategy.USER).onMissingKey(OnMissingKey.BLOCK));
    assertThat(statuses(blocking, 2, "/x")).containsOnly(429);
    TestApp byAddress =
        limited(
            "1/minute",
            policy -> policy.keyStrategy(KeyStrategy.USER).onMissingKey(OnMissingKey.FALLBACK_IP));
    assertThat(statuses(byAddress, 2, "/x")).containsExactly(200, 429);
    TestApp exempt = limited("1/minute", policy -> policy.exemptIps(List.of("127.0.0.0/8")));
    assertThat(statuses(exempt, 3, "/x")).containsOnly(200);
  }

  @Test
  void limitsByApiKeyTellHitsNoSecret() {
    TestApp app = limited("1/minute", policy -> policy.keyStrategy(KeyStrategy.API_KEY));
    assertThat(statuses(app, 2, "/x", "X-API-Key: secret")).containsExactly(200, 429);
    assertThat(statuses(app, 1, "/x", "X-API-Key: other")).containsExactly(200);
    // Without a key, by address.
    assertThat(statuses(app, 2, "/x")).containsExactly(200, 429);
    List<RateLimitHit> hits =
        TestApp.await(app.engine().rateLimits().hits(HitQuery.newest(10).of("/x")));
    assertThat(hits).hasSize(2);
    assertThat(hits).extracting(RateLimitHit::key).contains("ip:127.0.0.1");
    assertThat(hits.toString()).doesNotContain("secret");
  }

  /** One counter for a template, whatever the request's path is. */
  @Test
  void theGlobalKeyIsTheTemplates() {
    TestApp app = guarded();
    Shield.on(app.router().get("/items/:id"))
        .limit("2/minute", policy -> policy.keyStrategy(KeyStrategy.GLOBAL))
        .handler(app.named("item"));
    app.start();
    assertThat(app.get("/items/1").status()).isEqualTo(200);
    assertThat(app.get("/items/2").status()).isEqualTo(200);
    assertThat(app.get("/items/3").status()).isEqualTo(429);
  }

  @Test
  void aRequestRefusedByOneLimitIsChargedToNone() {
    TestApp app = limited("2/minute");
    TestApp.await(
        app.engine()
            .rateLimits()
            .global()
            .set(GlobalRateLimitPolicy.of("5/minute"), TestApp.ALICE));
    assertThat(statuses(app, 4, "/x")).containsExactly(200, 200, 429, 429);
    // Three are left of the five: the refused ones took nothing.
    assertThat(statuses(app, 4, "/free")).containsExactly(200, 200, 200, 429);
  }

  @Test
  void theGlobalLimitHoldsForRoutesNobodyDeclaredAndSurvivesARestart() {
    TestApp app = bare();
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    app.router().get("/a").handler(app.named("a"));
    app.router().get("/health").handler(app.named("health"));
    app.start();
    GlobalRateLimitPolicy policy =
        new GlobalRateLimitPolicy(
            "2/minute",
            RateLimitAlgorithm.FIXED_WINDOW,
            KeyStrategy.IP,
            null,
            0,
            List.of("GET:/health"),
            true);
    TestApp.await(app.engine().rateLimits().global().set(policy, TestApp.ALICE));
    assertThat(statuses(app, 3, "/a")).containsExactly(200, 200, 429);
    assertThat(statuses(app, 3, "/health")).containsOnly(200);
    assertThat(statuses(app, 3, "/nowhere")).containsOnly(404);

    TestApp next = closing(TestApp.bare(vertx, app.store(), options -> options));
    next.router().route().handler(ShieldHandler.create(next.engine(), next.router()));
    next.router().get("/a").handler(next.named("a"));
    next.start();
    assertThat(statuses(next, 3, "/a")).containsExactly(200, 200, 429);
    TestApp.await(next.engine().rateLimits().global().pause(TestApp.ALICE));
    assertThat(statuses(next, 3, "/a")).containsOnly(200);
  }

  @Test
  void aBlockedRequestUsesNoQuota() {
    TestApp app = limited("1/minute");
    app.disable("GET:/x");
    assertThat(statuses(app, 3, "/x")).containsOnly(503);
    app.enable("GET:/x");
    assertThat(statuses(app, 2, "/x")).containsExactly(200, 429);
    // Enabling resets what was counted.
    app.disable("GET:/x");
    app.enable("GET:/x");
    assertThat(statuses(app, 2, "/x")).containsExactly(200, 429);
  }

  /** Also where that spells its parameters otherwise, or is of all methods. */
  @Test
  void enablingARouteResetsWhatLimitsIt() {
    TestApp app = guarded();
    app.router().get("/orders/:id").handler(app.named("order"));
    app.router().get("/all").handler(app.named("all"));
    app.start();
    var limits = app.engine().rateLimits();
    TestApp.await(limits.set(RateLimitPolicy.of("GET", "/orders/{id}", "1/hour"), TestApp.ALICE));
    TestApp.await(limits.set(RateLimitPolicy.of("ALL", "/all", "1/hour"), TestApp.ALICE));
    assertThat(statuses(app, 2, "/orders/1")).containsExactly(200, 429);
    assertThat(statuses(app, 2, "/all")).containsExactly(200, 429);
    app.disable("GET:/orders/:id");
    app.enable("GET:/orders/:id");
    assertThat(statuses(app, 2, "/orders/1")).containsExactly(200, 429);
    assertThat(app.get("/all").status()).isEqualTo(429);
    app.disable("GET:/all");
    app.enable("GET:/all");
    assertThat(statuses(app, 2, "/all")).containsExactly(200, 429);
  }

  @Test
  void policiesChangeWhileTheApplicationRuns() {
    TestApp app = limited("2/minute");
    var limits = app.engine().rateLimits();
    assertThat(statuses(app, 3, "/x")).containsExactly(200, 200, 429);
    TestApp.await(limits.set(RateLimitPolicy.of("GET", "/x", "4/minute"), TestApp.ALICE));
    // Half of four is as much used as all of two: all.
    assertThat(app.get("/x").status()).isEqualTo(429);
    TestApp.await(limits.reset("/x", null, TestApp.ALICE));
    assertThat(statuses(app, 5, "/x")).containsExactly(200, 200, 200, 200, 429);
    TestApp.await(limits.resetKey("GET:/x", "ip:192.0.2.9", TestApp.ALICE));
    assertThat(app.get("/x").status()).isEqualTo(429);
    TestApp.await(limits.resetKey("GET:/x", "ip:127.0.0.1", TestApp.ALICE));
    assertThat(app.get("/x").status()).isEqualTo(200);
    TestApp.await(limits.pause("GET:/x", TestApp.ALICE));
    assertThat(statuses(app, 9, "/x")).containsOnly(200);
    TestApp.await(limits.resume("GET:/x", TestApp.ALICE));
    assertThat(statuses(app, 4, "/x")).containsExactly(200, 200, 200, 429);
    TestApp.await(limits.resetAll(TestApp.ALICE));
    assertThat(app.get("/x").status()).isEqualTo(200);
    TestApp.await(limits.delete("GET:/x", TestApp.ALICE));
    assertThat(statuses(app, 9, "/x")).containsOnly(200);
  }

  @Test
  void aResetOfOneRouteLeavesThoseThatBeginLikeIt() {
    TestApp app = guarded();
    Shield.on(app.router().get("/pay")).limit("1/minute").handler(app.named("pay"));
    Shield.on(app.router().get("/payments")).limit("1/minute").handler(app.named("payments"));
    app.start();
    assertThat(statuses(app, 2, "/pay")).containsExactly(200, 429);
    assertThat(statuses(app, 2, "/payments")).containsExactly(200, 429);
    TestApp.await(app.engine().rateLimits().reset("/pay", "GET", TestApp.ALICE));
    assertThat(app.get("/pay").status()).isEqualTo(200);
    assertThat(app.get("/payments").status()).isEqualTo(429);
  }

  /** The counters are a node's own, the reset is everybody's. */
  @Test
  void aResetReachesEveryNode() {
    TestApp one = limited("1/minute");
    TestApp two = closing(TestApp.bare(vertx, one.store(), options -> options));
    two.router().route().handler(ShieldHandler.create(two.engine(), two.router()));
    Shield.on(two.router().get("/x")).limit("1/minute").handler(two.named("x"));
    two.start();
    assertThat(statuses(one, 2, "/x")).containsExactly(200, 429);
    assertThat(statuses(two, 2, "/x")).containsExactly(200, 429);
    TestApp.await(one.engine().rateLimits().reset("/x", null, TestApp.ALICE));
    assertThat(statuses(one, 2, "/x")).containsExactly(200, 429);
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> two.get("/x").status() == 200);
    TestApp.await(one.engine().rateLimits().resetAll(TestApp.ALICE));
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> two.get("/x").status() == 200);
  }

  @Test
  void aPolicyInShadowOnlyCounts() {
    TestApp app = limited("1/minute", policy -> policy.shadow(true));
    Answer answer = app.get("/x");
    assertThat(answer.header("X-RateLimit-Limit")).isNull();
    assertThat(statuses(app, 3, "/x")).containsOnly(200);
    List<RateLimitHit> hits = TestApp.await(app.engine().rateLimits().hits(HitQuery.newest(10)));
    assertThat(hits).hasSize(1);
    assertThat(hits.get(0).shadow()).isTrue();
    assertThat(hits.get(0).count()).isEqualTo(3);
    assertThat(hits.get(0).path()).isEqualTo("/x");
    assertThat(hits.get(0).method()).isEqualTo("GET");
    assertThat(hits.get(0).limit()).isEqualTo("1/minute");
  }

  @Test
  void requestsCanCostMore() {
    TestApp app = guarded();
    Shield.on(app.router().get("/fixed"))
        .limit("10/minute", policy -> policy.cost(4))
        .handler(app.named("fixed"));
    Shield.on(app.router().get("/computed"))
        .limit("10/minute")
        .limitCost(ctx -> Integer.parseInt(ctx.request().getParam("cost")))
        .handler(app.named("computed"));
    app.start();
    assertThat(statuses(app, 3, "/fixed")).containsExactly(200, 200, 429);
    assertThat(app.get("/computed?cost=0").header("X-RateLimit-Remaining")).isEqualTo("10");
    assertThat(app.get("/computed?cost=7").header("X-RateLimit-Remaining")).isEqualTo("3");
    assertThat(app.get("/computed?cost=4").status()).isEqualTo(429);
    assertThat(app.get("/computed?cost=3").status()).isEqualTo(200);
    // What cannot be computed lets pass, and is counted.
    assertThat(app.engine().errors()).isZero();
    assertThat(app.get("/computed?cost=x").status()).isEqualTo(200);
    assertThat(app.engine().errors()).isEqualTo(1);
    assertThatThrownBy(
            () -> Shield.on(app.router().get("/y")).limit("5/minute", policy -> policy.cost(6)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void wildcardsLimitWhatIsBehindThem() {
    TestApp app = guarded();
    Shield.on(app.router().route("/api/*")).limit("2/minute").handler(RoutingContext::next);
    app.router().get("/api/a").handler(app.named("a"));
    Shield.on(app.router().post("/api/b")).limit("9/minute").handler(app.named("b"));
    app.start();
    assertThat(app.get("/api/a").status()).isEqualTo(200);
    assertThat(app.client().send("POST", "/api/b").status()).isEqualTo(200);
    assertThat(app.client().send("POST", "/api/b").status()).isEqualTo(429);
    assertThat(app.get("/api/a").status()).isEqualTo(429);
  }

  /** For a request that runs a wildcard's handlers before those of the route it is meant for. */
  @Test
  void aWildcardCountsByItsOwnKeyAndCost() {
    TestApp app = guarded();
    Shield.on(app.router().route("/api/*"))
        .limit("4/minute", policy -> policy.keyStrategy(KeyStrategy.CUSTOM))
        .asyncLimitKey(ctx -> vertx.timer(1).map(late -> ctx.request().getHeader("tenant")))
        .limitCost(ctx -> 2)
        .handler(ctx -> ctx.next());
    app.router().get("/api/plain").handler(app.named("plain"));
    Shield.on(app.router().get("/api/own"))
        .limit("3/minute", policy -> policy.keyStrategy(KeyStrategy.CUSTOM))
        .limitKey(ctx -> "all")
        .handler(app.named("own"));
    app.start();
    assertThat(statuses(app, 3, "/api/plain", "tenant: a")).containsExactly(200, 200, 429);
    assertThat(statuses(app, 3, "/api/own", "tenant: b")).containsExactly(200, 200, 429);
    assertThat(statuses(app, 2, "/api/own", "tenant: c")).containsExactly(200, 429);
    assertThat(statuses(app, 2, "/api/plain", "tenant: c")).containsExactly(200, 429);
  }

  @Test
  void preflightsPass() {
    TestApp app = limited("1/minute");
    for (int i = 0; i < 3; i++) {
      assertThat(
              app.client()
                  .send("OPTIONS", "/x", "Origin: http://a", "Access-Control-Request-Method: GET")
                  .status())
          .isNotEqualTo(429);
    }
    assertThat(statuses(app, 2, "/x")).containsExactly(200, 429);
  }

  @Test
  void whoIsRefusedTakesNoPlaceAmongThoseUnderWay() {
    TestApp app = limited("1/minute", policy -> policy.maxConcurrent(1));
    assertThat(statuses(app, 1, "/x")).containsExactly(200);
    for (int i = 0; i < 3; i++) {
      assertThat(app.get("/x").error().getString("limit")).isEqualTo("1/minute");
    }
  }

  @Test
  void aCostAboveTheCapacityTakesAllThereIs() {
    TestApp app = guarded();
    Shield.on(app.router().get("/x"))
        .limit("3/minute")
        .limitCost(ctx -> Integer.parseInt(ctx.request().getParam("cost")))
        .handler(app.named("x"));
    app.start();
    assertThat(app.get("/x?cost=1").status()).isEqualTo(200);
    assertThat(app.get("/x?cost=2000000000").header("Retry-After")).isEqualTo("60");
    app.clock().advance(Duration.ofMinutes(1));
    assertThat(app.get("/x?cost=2000000000").header("X-RateLimit-Remaining")).isEqualTo("0");
    assertThat(app.get("/x?cost=1").status()).isEqualTo(429);
  }

  @Test
  void eachPolicyCountsByItsOwnKeyAndLongOnesAreDigested() {
    TestApp app = limited("2/minute", policy -> policy.keyStrategy(KeyStrategy.USER));
    TestApp.await(
        app.engine()
            .rateLimits()
            .global()
            .set(GlobalRateLimitPolicy.of("3/minute"), TestApp.ALICE));
    String user = "user: " + "u".repeat(3000);
    assertThat(statuses(app, 3, "/x", user)).containsExactly(200, 200, 429);
    assertThat(statuses(app, 2, "/x", "user: b")).containsExactly(200, 429);
    assertThat(TestApp.await(app.engine().rateLimits().hits(HitQuery.newest(10))))
        .extracting(RateLimitHit::key)
        .allSatisfy(key -> assertThat(key).hasSizeLessThan(50))
        .contains("ip:127.0.0.1");
  }

  @Test
  void aRerouteToWhatIsNotLimitedKeepsTheHeaders() {
    TestApp app = guarded();
    Shield.on(app.router().get("/from")).limit("5/minute").handler(ctx -> ctx.reroute("/to"));
    app.router().get("/to").handler(app.named("to"));
    app.start();
    assertThat(statuses(app, 3, "/from")).containsOnly(200);
    assertThat(app.get("/from").header("X-RateLimit-Remaining")).isEqualTo("1");
    assertThat(app.get("/to").header("X-RateLimit-Remaining")).isNull();
  }

  @Test
  void withProblemDetails() {
    TestApp app = limited("1/minute");
    app.get("/x");
    Answer answer = app.get("/x", "Accept: application/problem+json");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.json().getInteger("retry_after_seconds")).isEqualTo(60);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
  }
}
