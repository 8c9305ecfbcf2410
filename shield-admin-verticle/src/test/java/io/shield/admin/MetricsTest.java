package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.web.ShieldHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted, and how it is shown. */
class MetricsTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry own = new SimpleMeterRegistry();
  private ShieldEngine engine;
  private HttpServer server;

  @BeforeEach
  void serve() {
    engine =
        ShieldEngine.create(
            vertx, new ShieldOptions().setBackend("memory").setName("m" + UUID.randomUUID()));
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    router
        .route("/shield/*")
        .subRouter(AdminRouter.create(engine, new AdminOptions().setMeterRegistry(own)));
    router.get("/payments/:id").handler(ctx -> ctx.end("payments"));
    router.get("/search").handler(ctx -> ctx.end("search"));
    await(engine.start());
    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    get("/payments/0"); // Declares the routes.
    await(engine.rateLimits().set(RateLimitPolicy.of("GET", "/search", "1/day"), ALICE));
  }

  @AfterEach
  void close() {
    await(engine.close());
    await(vertx.close());
  }

  private HttpResponse<String> get(String path) {
    return send("GET", path);
  }

  private HttpResponse<String> send(String method, String path) {
    URI uri = URI.create("http://localhost:" + server.actualPort() + path);
    return RunningAdmin.send(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  private double decisions(String route, String decision) {
    return own.get("shield.decisions")
        .tags("engine", engine.name(), "method", "GET", "route", route, "decision", decision)
        .functionCounter()
        .count();
  }

  @Test
  void decisionsAreCountedByRouteAndKind() {
    get("/payments/1");
    get("/payments/2");
    await(engine.routes().disable("GET:/payments/:id", ALICE, "broken"));
    get("/payments/3");
    get("/search");
    get("/search");

    assertThat(decisions("/payments/:id", "allow")).isEqualTo(3);
    assertThat(decisions("/payments/:id", "disabled")).isEqualTo(1);
    assertThat(decisions("/search", "allow")).isEqualTo(1);
    assertThat(decisions("/search", "rate_limited")).isEqualTo(1);
    assertThat(own.get("shield.limits.charge").functionTimer().count()).isEqualTo(2);
    assertThat(own.get("shield.head.revision").gauge().value())
        .isEqualTo((double) engine.snapshot().head().revision());
  }

  /**
   * A state or a limit may spell parameters as others do; the row is that of the router's route.
   */
  @Test
  void aRouteHasOneRowHoweverItsParametersAreSpelt() {
    await(engine.rateLimits().set(RateLimitPolicy.of("GET", "/payments/{id}", "1/day"), ALICE));
    get("/payments/1");
    get("/payments/1");
    assertThat(own.find("shield.decisions").tag("route", "/payments/{id}").meters()).isEmpty();
    assertThat(decisions("/payments/:id", "rate_limited")).isEqualTo(1);
  }

  @Test
  void theyAreShownInTheFormatOfPrometheus() {
    HttpResponse<String> shown = get("/shield/metrics");

    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(shown.body())
        .contains("shield_decisions_total{decision=\"allow\",engine=\"" + engine.name() + "\"")
        .contains("route=\"/payments/:id\"} 1.0")
        .contains("shield_head_revision{")
        .contains("shield_snapshot_age_seconds{")
        .contains("shield_store_condition{condition=\"ready\"")
        .contains("shield_store_loads_total{")
        .contains("shield_store_errors_total{")
        .contains("shield_limits_charge_seconds_count{")
        .contains("shield_limits_uncounted_total{")
        .contains("shield_limits_keyless_total{")
        .contains("shield_limits_store_failures_total{")
        .contains("shield_limits_problems{")
        .contains("shield_errors_total{")
        .contains("shield_streams_open{")
        .contains("shield_webhooks_delivered_total{")
        .contains("shield_webhooks_failed_total{")
        .contains("shield_webhooks_pending{")
        .contains("shield_webhooks_parked{")
        .contains("shield_webhooks_disabled{");
  }

  /** An alert on an increase never sees the request that makes the counter. */
  @Test
  void whatMayRefuseIsCountedFromZeroOn() {
    assertThat(decisions("/search", "rate_limited")).isZero();
    assertThat(decisionsAnywhere("/payments/:id")).isEqualTo(1);
    await(engine.register(List.of(RouteState.active("POST:/quiet"), RouteState.active("/all"))));
    assertThat(decisionsAnywhere("/quiet")).isZero();

    await(engine.routes().disable("POST:/quiet", ALICE, "broken"));
    awaitRows("/quiet", 1);
    await(engine.maintenance().enableGlobal(ALICE, "move"));
    awaitRows("/all", 7);
    assertThat(decisionsAnywhere("/payments/:id")).isEqualTo(1);
  }

  @Test
  void soManyBeginAtZeroAndNoMore() {
    List<RouteState> many = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      many.add(RouteState.active("GET:/many/" + i));
    }
    await(engine.register(many));
    long before = own.getMeters().size();
    await(engine.maintenance().enableGlobal(ALICE, "move"));
    Awaitility.await().until(() -> own.getMeters().size() > before + 4_900);
    await(engine.maintenance().disableGlobal(ALICE));
    assertThat(own.getMeters().size() - before).isLessThanOrEqualTo(5_000);
  }

  /** How many methods of a route are counted. */
  private long decisionsAnywhere(String route) {
    return own.find("shield.decisions")
        .tags("route", route, "decision", "allow")
        .functionCounters()
        .size();
  }

  private void awaitRows(String route, long rows) {
    Awaitility.await().until(() -> decisionsAnywhere(route) == rows);
  }

  @Test
  void whoLikesOpenMetricsBetterGetsThat() {
    String prometheus =
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
    HttpResponse<String> open = metrics(prometheus);
    assertThat(open.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(open.body()).endsWith("# EOF\n");
    for (String plain :
        List.of("text/plain", "*/*", "text/plain;q=0.9,application/openmetrics-text;q=0.5")) {
      assertThat(metrics(plain).headers().firstValue("Content-Type").orElse(""))
          .as(plain)
          .startsWith("text/plain");
    }
  }

  private HttpResponse<String> metrics(String accept) {
    URI uri = URI.create("http://localhost:" + server.actualPort() + "/shield/metrics");
    return RunningAdmin.send(HttpRequest.newBuilder(uri).header("Accept", accept));
  }

  /** What scrapes is on many machines, and shall be able to do nothing else. */
  @Test
  void aTokenForMetricsLivesForAYearAndReadsNothingElse() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      String body = "{\"role\": \"metrics\", \"name\": \"prometheus\"}";
      JsonNode issued =
          RunningAdmin.json(admin.send(admin.token("admin"), "POST", "/api/tokens", body));
      Instant end = Instant.parse(issued.path("expires_at").textValue());
      assertThat(end).isAfter(Instant.now().plus(Duration.ofDays(364)));
      String token = issued.path("token").textValue();
      assertThat(admin.send(token, "GET", "/metrics", null).statusCode()).isEqualTo(200);
      for (String other : List.of("/api/routes", "/api/audit", "/api/events", "/api/sdk/events")) {
        assertThat(admin.status(token, "GET", other)).as(other).isEqualTo(403);
      }
    }
  }

  @Test
  void clientsCannotMakeRows() {
    long before = own.getMeters().size();
    for (int i = 0; i < 50; i++) {
      get("/payments/" + UUID.randomUUID());
      get("/unknown/" + i);
    }
    assertThat(own.getMeters()).hasSize((int) before);
  }

  /** A registry keeps the first meter of a name. */
  @Test
  void anEngineThatIsStartedAgainIsSeenInTheSameRegistry() {
    get("/payments/1");
    assertThat(decisions("/payments/:id", "allow")).isPositive();
    try (RunningAdmin another = new RunningAdmin(new AdminOptions())) {
      ShieldEngine again =
          ShieldEngine.create(
              another.vertx, new ShieldOptions().setBackend("memory").setName(engine.name()));
      AdminRouter.create(again, new AdminOptions().setMeterRegistry(own));
      assertThat(own.get("shield.head.revision").gauge().value()).isZero();
      assertThat(own.find("shield.decisions").functionCounter()).isNull();
      AdminRouter.create(again, new AdminOptions().setMeterRegistry(own));
      await(again.start());
      assertThat(own.get("shield.head.revision").gauge().value())
          .isEqualTo((double) again.snapshot().head().revision());
      await(again.close());
    }
  }

  @Test
  void itNeedsATokenUnlessItIsPublic() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      assertThat(admin.send(null, "GET", "/metrics", null).statusCode()).isEqualTo(401);
      assertThat(admin.send(admin.token("viewer"), "GET", "/metrics", null).statusCode())
          .isEqualTo(200);
    }
    AdminOptions open = RunningAdmin.accounts().setMetricsPublic(true);
    try (RunningAdmin admin = new RunningAdmin(open)) {
      assertThat(admin.send(null, "GET", "/metrics", null).statusCode()).isEqualTo(200);
    }
  }
}
