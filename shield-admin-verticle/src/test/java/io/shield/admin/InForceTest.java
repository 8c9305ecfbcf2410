package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.Bypass;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is shown is what a request gets, whatever decides about it. */
class InForceTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private final MutableClock clock = MutableClock.create();
  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions(), MemoryBackend.create(), clock);
    admin.register("GET:/orders", "GET:/pay", "shop:GET:/cart");
    await(admin.engine.register(List.of(RouteState.builder("GET:/up").forceActive(true).build())));
    change("GET:/pay", "disable", "{\"reason\": \"broken\"}");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private void change(String key, String action, String body) {
    HttpResponse<String> answer =
        admin.send(null, "POST", "/api/routes/" + action + "?path=" + key, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private JsonNode get(String target) {
    return json(admin.send(null, "GET", target, null));
  }

  private void assertShown(String key, String status, String inForce, String decidedBy) {
    JsonNode route = get("/api/routes?path=" + key);
    assertThat(route.path("status").asText()).as(route.toString()).isEqualTo(status);
    assertThat(route.path("effective_status").asText()).as(key).isEqualTo(inForce);
    assertThat(route.path("decided_by").asText()).as(key).isEqualTo(decidedBy);
    for (JsonNode listed : get("/api/routes")) {
      if (listed.path("path").asText().equals(key)) {
        assertThat(listed.path("effective_status").asText()).as("listed").isEqualTo(inForce);
      }
    }
  }

  private List<String> overrides() {
    return get("/api/overrides").findValuesAsText("kind");
  }

  private double gauge(String name) {
    String all = admin.send(null, "GET", "/metrics", null).body();
    return all.lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void routesByThemselves() {
    assertShown("GET:/orders", "active", "active", "route_state");
    assertShown("GET:/pay", "disabled", "disabled", "route_state");
    assertShown("GET:/up", "active", "active", "force_active");
    assertThat(overrides()).isEmpty();
    assertThat(gauge("shield_routes_closed")).isEqualTo(1);
  }

  @Test
  void maintenanceOfTheFleet() {
    MaintenanceMode mode = new MaintenanceMode(true, "move", List.of("/orders"), false);
    await(admin.engine.maintenance().setGlobal(mode, ALICE));
    assertShown("GET:/orders", "active", "active", "route_state");
    assertShown("GET:/pay", "disabled", "maintenance", "global_maintenance");
    assertShown("shop:GET:/cart", "active", "maintenance", "global_maintenance");
    assertShown("GET:/up", "active", "active", "force_active");
    assertThat(overrides()).containsExactly("global_maintenance");
    assertThat(get("/api/overrides").findValuesAsText("reason")).containsExactly("move");
    JsonNode health = get("/health/ready");
    assertThat(health.path("overrides").findValuesAsText("kind"))
        .containsExactly("global_maintenance");
    assertThat(health.toString()).as("public").doesNotContain("move");
    assertThat(gauge("shield_maintenance_global")).isEqualTo(1);
    assertThat(gauge("shield_routes_closed")).isEqualTo(2);
  }

  @Test
  void maintenanceOfAService() {
    await(admin.engine.maintenance().enableService("shop", ALICE, "db"));
    assertShown("shop:GET:/cart", "active", "maintenance", "service_maintenance");
    assertShown("GET:/orders", "active", "active", "route_state");
    assertThat(get("/api/overrides").findValuesAsText("service")).containsExactly("shop");
  }

  @Test
  void aBypass() {
    try (Bypass bypass = admin.engine.bypass(Bypass.Kind.LIFECYCLE)) {
      assertThat(bypass).isNotNull();
      assertShown("GET:/pay", "disabled", "active", "bypass");
      assertShown("shop:GET:/cart", "active", "active", "route_state");
      assertThat(overrides()).containsExactly("bypass_lifecycle");
      assertThat(get("/api/explain?path=/pay").path("rule").asText()).isEqualTo("bypass");
      assertThat(gauge("shield_bypass_lifecycle")).isEqualTo(1);
      assertThat(gauge("shield_routes_closed")).isZero();
    }
    try (Bypass bypass = admin.engine.bypass(Bypass.Kind.RATE_LIMITS)) {
      assertThat(bypass).isNotNull();
      assertThat(overrides()).containsExactly("bypass_rate_limits");
      assertThat(gauge("shield_bypass_rate_limits")).isEqualTo(1);
    }
    assertShown("GET:/pay", "disabled", "disabled", "route_state");
  }

  /** What has ended leaves no reason behind. */
  @Test
  void anEndAndAWindow() {
    change("GET:/pay", "disable", "{\"reason\": \"broken\", \"until\": \"1m\"}");
    change("GET:/orders", "schedule", "{\"start\": \"1m\", \"for\": \"1m\", \"reason\": \"db\"}");
    clock.advance(Duration.ofSeconds(60));
    assertShown("GET:/pay", "active", "active", "until");
    assertShown("GET:/orders", "maintenance", "maintenance", "window");
    assertThat(get("/api/routes?path=GET:/orders").path("reason").asText()).isEqualTo("db");
    clock.advance(Duration.ofSeconds(60));
    assertShown("GET:/orders", "active", "active", "route_state");
    assertThat(get("/api/routes?path=GET:/orders").path("reason").asText()).isEmpty();
    assertThat(get("/api/routes?path=GET:/pay").path("reason").asText()).isEmpty();
    assertThat(get("/api/explain?path=/pay").path("why").asText()).doesNotContain("broken");
  }
}
