package io.shield.admin;

import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of some fields of a rate limit. */
class PolicyPatchTest {
  private static final String ONE = "/api/rate-limits?path=GET:/pay";

  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/pay");
    send(
        "POST",
        "/api/rate-limits",
        "{\"path\": \"/pay\", \"method\": \"GET\", \"limit\": \"5/minute\", \"burst\": 3,"
            + " \"key_strategy\": \"user\", \"tiers\": [{\"name\": \"pro\", \"limit\": \"9/minute\"}],"
            + " \"exempt_ips\": [\"192.0.2.0/24\"]}");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> send(String method, String target, String body) {
    return admin.send(null, method, target, body);
  }

  @Test
  void whatIsNotNamedStays() {
    HttpResponse<String> answer = send("PATCH", ONE, "{\"limit\": \"7/minute\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode policy = json(answer);
    assertThat(policy.path("burst").asInt()).isEqualTo(3);
    assertThat(policy.path("key_strategy").asText()).isEqualTo("user");
    assertThat(policy.path("tiers")).hasSize(1);
    assertThat(policy.path("exempt_ips")).hasSize(1);
    assertThat(policy.path("changes").toString())
        .isEqualTo("[{\"field\":\"limit\",\"before\":\"5/minute\",\"after\":\"7/minute\"}]");
    assertThat(json(send("GET", ONE, null)).path("limit").asText()).isEqualTo("7/minute");
  }

  @Test
  void nullIsTheDefault() {
    JsonNode policy = json(send("PATCH", ONE, "{\"burst\": null, \"tiers\": null}"));
    assertThat(policy.path("burst").asInt()).isZero();
    assertThat(policy.path("tiers")).isEmpty();
    assertThat(policy.path("limit").asText()).isEqualTo("5/minute");
  }

  @Test
  void aDryRunChangesNothing() {
    JsonNode policy = json(send("PATCH", ONE, "{\"limit\": \"7/minute\", \"dry_run\": true}"));
    assertThat(policy.path("limit").asText()).isEqualTo("7/minute");
    assertThat(json(send("GET", ONE, null)).path("limit").asText()).isEqualTo("5/minute");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"limit\": \"lots\"}|400|limit",
        "{\"path\": \"/other\"}|400|path",
        "{\"burst\": -1}|400|burst",
        "[]|400|body"
      })
  void whatCannotBeChanged(String row) {
    String[] parts = row.split("\\|", -1);
    HttpResponse<String> answer = send("PATCH", ONE, parts[0]);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(Integer.parseInt(parts[1]));
    assertThat(answer.body()).contains(parts[2]);
  }

  @Test
  void onlyWhatIsThereCanBeChanged() {
    String body = "{\"limit\": \"7/minute\"}";
    assertThat(send("PATCH", "/api/rate-limits?path=GET:/x", body).statusCode()).isEqualTo(404);
    assertThat(send("PATCH", "/api/global-rate-limit", body).statusCode()).isEqualTo(404);
  }

  @Test
  void theLimitOfTheFleet() {
    send(
        "POST",
        "/api/global-rate-limit",
        "{\"limit\": \"5/minute\", \"exempt_routes\": [\"/up\"]}");
    JsonNode policy = json(send("PATCH", "/api/global-rate-limit", "{\"burst\": 2}"));
    assertThat(policy.path("limit").asText()).isEqualTo("5/minute");
    assertThat(policy.path("exempt_routes")).hasSize(1);
    assertThat(policy.path("burst").asInt()).isEqualTo(2);
  }
}
