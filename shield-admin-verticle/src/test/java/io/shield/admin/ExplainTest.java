package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.KeyStrategy;
import io.shield.model.MaintenanceMode;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a request, and by which rule: each rule once. */
class ExplainTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private final MutableClock clock = MutableClock.create();
  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions(), MemoryBackend.create(), clock);
    admin.register("GET:/orders/:id", "GET:/orders/*", "GET:/orders/new", "/all", "shop:GET:/pay");
    await(admin.engine.register(List.of(RouteState.builder("GET:/up").forceActive(true).build())));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private JsonNode explain(String query) {
    HttpResponse<String> answer = admin.send(null, "GET", "/api/explain?" + query, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  private void assertVerdict(String query, String decision, int status, String rule) {
    JsonNode said = explain(query);
    assertThat(said.get("decision").textValue()).as(said.toString()).isEqualTo(decision);
    assertThat(said.get("status").intValue()).isEqualTo(status);
    assertThat(said.get("rule").textValue()).isEqualTo(rule);
    assertThat(said.get("why").textValue()).isNotBlank();
  }

  private void change(String key, String action, String body) {
    HttpResponse<String> answer =
        admin.send(null, "POST", "/api/routes/" + action + "?path=" + key, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void theStateOfARoute() {
    change("GET:/orders/:id", "disable", "{\"reason\": \"broken\"}");
    assertVerdict("path=/orders/42", "disabled", 503, "route_state");
    assertThat(explain("path=/orders/42").get("why").textValue()).contains("broken");
    assertVerdict("path=/orders/new", "allow", 200, "route_state");
    assertVerdict("path=/orders/42&method=POST", "allow", 200, "unknown_route");
    change("/all", "maintenance", "{}");
    assertVerdict("path=/all&method=DELETE", "maintenance", 503, "route_state");
  }

  @Test
  void anEnvironmentGate() {
    change("GET:/orders/new", "env", "{\"envs\": [\"elsewhere\"]}");
    assertVerdict("path=/orders/new&method=get", "env_gated", 403, "route_state");
  }

  /** It is not this process's that counts there. */
  @Test
  void theEnvironmentOfAnotherService() {
    assertThat(explain("path=/pay&service=shop").get("environment").isNull()).isTrue();
    assertThat(explain("path=/orders/new").get("environment").textValue())
        .isEqualTo(admin.engine.site().environment());
    for (String open : List.of("elsewhere", admin.engine.site().environment())) {
      change("shop:GET:/pay", "env", "{\"envs\": [\"" + open + "\"]}");
      assertVerdict("path=/pay&service=shop", "env_gated", 403, "route_state");
      assertThat(explain("path=/pay&service=shop").get("why").textValue())
          .isEqualTo(
              "shop:GET:/pay is env_gated; open in "
                  + open
                  + " only, and its service knows where it runs");
    }
  }

  @Test
  void aWindowAndAnEnd() {
    String start = clock.instant().plusSeconds(60).toString();
    String end = clock.instant().plusSeconds(120).toString();
    change("/all", "schedule", "{\"start\": \"" + start + "\", \"end\": \"" + end + "\"}");
    change("GET:/orders/new", "disable", "{\"until\": \"1m\"}");
    assertVerdict("path=/all", "allow", 200, "route_state");
    assertVerdict("path=/orders/new", "disabled", 503, "route_state");
    clock.advance(Duration.ofSeconds(60));
    assertVerdict("path=/all", "maintenance", 503, "window");
    assertVerdict("path=/orders/new", "allow", 200, "until");
  }

  @Test
  void globalMaintenance() {
    await(
        admin
            .engine
            .maintenance()
            .setGlobal(new MaintenanceMode(true, "deploy", List.of("/all"), false), ALICE));
    assertVerdict("path=/orders/new", "maintenance", 503, "global_maintenance");
    assertVerdict("path=/nowhere", "maintenance", 503, "global_maintenance");
    assertVerdict("path=/all", "allow", 200, "route_state");
    assertVerdict("path=/up", "allow", 200, "force_active");
  }

  @Test
  void maintenanceOfAService() {
    HttpResponse<String> on =
        admin.send(null, "POST", "/api/services/shop/maintenance/enable", "{\"reason\": \"db\"}");
    assertThat(on.statusCode()).isEqualTo(200);
    assertVerdict("path=/pay&service=shop", "maintenance", 503, "service_maintenance");
    assertVerdict("path=/pay&service=other", "allow", 200, "unknown_route");
    assertVerdict("path=/all", "allow", 200, "route_state");
  }

  /** "It is open" would be said of no route. */
  @Test
  void aServiceThatIsNotNamed() {
    admin.register("shop:GET:/carts/:id", "billing:/carts/new");
    assertThat(explain("path=/carts/new").get("why").textValue())
        .isEqualTo(
            "nothing is known about this route;"
                + " a service has such a route, name it: billing, shop");
    assertThat(explain("path=/carts/7&method=POST").get("why").textValue())
        .isEqualTo("nothing is known about this route");
    assertThat(explain("path=/carts/7&service=other").get("why").textValue())
        .isEqualTo("nothing is known about this route");
  }

  @Test
  void thePoliciesThatAreCharged() {
    await(admin.engine.rateLimits().global().set(GlobalRateLimitPolicy.of("9/hour"), ALICE));
    await(
        admin.engine.rateLimits().set(RateLimitPolicy.of("GET", "/orders/:id", "5/minute"), ALICE));
    assertThat(explain("path=/orders/42").get("rate_limits").toString())
        .contains("GET:/orders/:id", "__shield:global_rl__");
    assertThat(explain("path=/all").get("rate_limits")).hasSize(1);
  }

  private String limits(String query) {
    return explain(query).get("rate_limits").toString();
  }

  /** By the rules by which requests are charged. */
  @Test
  void onlyPoliciesThatApplyAreNamed() {
    var limits = admin.engine.rateLimits();
    admin.register("e-shop:GET:/pay");
    await(limits.set(RateLimitPolicy.of("GET", "e-shop:/pay", "5/minute"), ALICE));
    await(limits.set(RateLimitPolicy.of("ALL", "/all", "5/minute"), ALICE));
    assertThat(limits("path=/pay&service=shop")).as("of another service").isEqualTo("[]");
    assertThat(limits("path=/pay&service=e-shop")).contains("e-shop");
    assertThat(limits("path=/all&method=PUT")).as("of all methods").contains("ALL:/all");
    await(limits.pause("ALL:/all", ALICE));
    assertThat(limits("path=/all&method=PUT")).as("paused").isEqualTo("[]");
    await(limits.set(RateLimitPolicy.of("GET", "/orders/new", "5/minute"), ALICE));
    assertThat(limits("path=/orders/new&method=HEAD")).contains("GET:/orders/new");
    GlobalRateLimitPolicy fleet =
        new GlobalRateLimitPolicy(
            "9/hour",
            RateLimitAlgorithm.FIXED_WINDOW,
            KeyStrategy.IP,
            null,
            0,
            List.of("/all"),
            true);
    await(limits.global().set(fleet, ALICE));
    assertThat(limits("path=/all")).as("exempt").isEqualTo("[]");
    assertThat(limits("path=/up")).contains("__shield:global_rl__");
  }

  @ParameterizedTest
  @CsvSource({
    "/orders/42,/orders/:id",
    "/orders/42/,/orders/:id",
    "/orders/new,/orders/new",
    "/orders/42/lines,/orders/*",
    "/orders/,/orders/*",
    "/orders/42?page=2,/orders/:id",
    "/nowhere,/nowhere"
  })
  void theTemplateThatFitsBest(String path, String template) {
    String query = "path=" + path.replace("?", "%3F");
    assertThat(explain(query).get("template").textValue()).isEqualTo(template);
  }

  @ParameterizedTest
  @CsvSource({"method=GET", "path=orders", "path=/all&method=GE%20T", "path=/all&service=a/b"})
  void aQuestionThatIsNone(String query) {
    HttpResponse<String> answer = admin.send(null, "GET", "/api/explain?" + query, null);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain("null");
  }
}
