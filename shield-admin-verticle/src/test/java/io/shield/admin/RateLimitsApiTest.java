package io.shield.admin;

import static io.shield.admin.RunningAdmin.encoded;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Proposal;
import io.shield.json.ShieldJson;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of routes while the application runs. */
class RateLimitsApiTest {
  private static final String LIMITS = "/api/rate-limits";

  private final RunningAdmin admin = new RunningAdmin(new AdminOptions());

  @BeforeEach
  void limit() {
    admin.register("GET:/pay", "GET:/payments");
    for (String path : List.of("GET:/pay", "/payments")) {
      HttpResponse<String> set =
          send(
              "POST",
              LIMITS,
              "{\"path\": \"" + path + "\", \"method\": \"GET\", \"limit\": \"5/minute\"}");
      assertThat(set.statusCode()).as(set.body()).isEqualTo(201);
    }
    send("POST", "/api/global-rate-limit", "{\"limit\": \"5/minute\"}");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> send(String method, String target, String body) {
    return admin.send(null, method, target, body);
  }

  private List<String> resetAudited() {
    JsonNode entries = json(send("GET", "/api/audit", null));
    return Stream.iterate(0, i -> i < entries.size(), i -> i + 1)
        .map(entries::get)
        .filter(entry -> entry.get("action").textValue().endsWith("reset"))
        .map(entry -> entry.get("path").textValue() + " " + entry.get("reason").textValue())
        .toList();
  }

  /** A route has one policy for each method, however it is named. */
  @Test
  void aPolicyHasOneName() {
    String key = encoded("GET:/pay");
    assertThat(json(send("GET", LIMITS + "/" + key, null)).get("path").textValue())
        .isEqualTo("/pay");
    assertThat(send("POST", LIMITS + "/" + key + "/pause", null).statusCode()).isEqualTo(200);
    assertThat(json(send("GET", LIMITS, null))).hasSize(2);
    HttpResponse<String> other =
        send(
            "POST",
            LIMITS,
            "{\"path\": \"GET:/pay\", \"method\": \"POST\", \"limit\": \"5/minute\"}");
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body()).contains("method: 'POST' is not allowed, must be GET");
  }

  /** As another system may store it. It is shown, and a change that leaves it so fails. */
  @Test
  void aLimitThatCannotBeEnforcedIsShown() {
    RateLimitPolicy never =
        RateLimitPolicy.of("GET", "/payments", "3/minute").toBuilder()
            .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
            .burst(RateLimitPolicy.MAX_BURST)
            .tiers(List.of(new RateLimitTier("slow", "1/year")))
            .build();
    DocumentKey key = DocumentKey.policy(never.key());
    long version = admin.engine.snapshot().version(key);
    Change change = new Change("theirs", List.of(new Edit(key, version, never)), List.of());
    RunningAdmin.await(admin.backend.commit(change));
    String policy = LIMITS + "/" + encoded("GET:/payments");
    await()
        .untilAsserted(() -> assertThat(json(send("GET", policy, null)).has("problem")).isTrue());
    JsonNode health = json(send("GET", "/health/ready", null));
    assertThat(health.path("status").textValue()).isEqualTo("degraded");
    assertThat(health.path("rate_limits").fieldNames())
        .toIterable()
        .containsExactly("uncounted", "refused_without_key", "problems");
    assertThat(health.at("/rate_limits/problems").has("GET:/payments")).isTrue();
    HttpResponse<String> paused = send("POST", policy + "/pause", null);
    assertThat(paused.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(paused.body()).contains("stored but not in force");
    assertThat(send("POST", policy + "/resume", null).body()).contains("stored but not in force");
    String good = "{\"path\": \"/payments\", \"method\": \"GET\", \"limit\": \"5/minute\"}";
    assertThat(send("POST", LIMITS, good).statusCode()).isLessThan(300);
    assertThat(json(send("GET", "/health/ready", null)).at("/rate_limits/problems")).isEmpty();
  }

  @Test
  void countersAreResetForOneKeyOneRouteOrAll() {
    String pay = LIMITS + "/" + encoded("/pay") + "/reset";
    for (String target :
        List.of(
            pay,
            pay + "?method=GET",
            pay + "?method=GET&key=ip:192.0.2.1",
            LIMITS + "/" + encoded("GET:/pay") + "/reset?key=ip:192.0.2.2",
            LIMITS + "/reset?path=/pay",
            LIMITS + "/reset")) {
      HttpResponse<String> reset = send("DELETE", target, null);
      assertThat(reset.statusCode()).as(reset.body()).isEqualTo(200);
      assertThat(json(reset).get("ok").booleanValue()).isTrue();
    }
    assertThat(resetAudited())
        .containsExactly(
            "__global_rl__ all counters",
            "GET:/pay ",
            "GET:/pay key ip:192.0.2.2",
            "GET:/pay key ip:192.0.2.1",
            "GET:/pay ",
            "GET:/pay ");
  }

  @Test
  void aResetOfNothingThatCanBeCountedIsRefused() {
    String pay = LIMITS + "/" + encoded("/pay") + "/reset";
    for (String target :
        List.of(
            pay + "?method=get",
            pay + "?method=GET&key=192.0.2.1",
            LIMITS + "/" + encoded("GET:/pay") + "/reset?method=POST",
            LIMITS + "/reset?method=GET",
            LIMITS + "/reset?key=ip:192.0.2.1",
            "/api/global-rate-limit/reset?key=nobody")) {
      HttpResponse<String> refused = send("DELETE", target, null);
      assertThat(refused.statusCode()).as(target + refused.body()).isEqualTo(400);
    }
    assertThat(send("DELETE", LIMITS + "/" + encoded("/nope") + "/reset", null).statusCode())
        .isEqualTo(404);
    assertThat(resetAudited()).isEmpty();
  }

  /** However it came into the store: the call refuses it. */
  @Test
  void aPolicyThatIsNotInForceIsShown() {
    RateLimitPolicy ages =
        RateLimitPolicy.of("GET", "/payments", "1/year").toBuilder()
            .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
            .burst(RateLimitPolicy.MAX_BURST)
            .build();
    HttpResponse<String> refused =
        send("POST", LIMITS, ShieldJson.write(ages).put("path", "/payments").toString());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(send("GET", "/health/ready", null)).get("status").textValue()).isEqualTo("up");

    DocumentKey key = DocumentKey.policy(ages.key());
    RunningAdmin.await(
        EngineInternals.of(admin.engine)
            .commit(
                snapshot ->
                    new Proposal(List.of(new Edit(key, snapshot.version(key), ages)), List.of())));

    for (JsonNode policy : json(send("GET", LIMITS, null))) {
      boolean isAges = policy.get("path").textValue().equals("/payments");
      assertThat(policy.path("problem").asText("")).contains(isAges ? "10000 years" : "");
      assertThat(policy.has("problem")).isEqualTo(isAges);
    }
    JsonNode health = json(send("GET", "/health/ready", null));
    assertThat(health.get("status").textValue()).isEqualTo("degraded");
    assertThat(health.get("rate_limits").get("problems").fieldNames())
        .toIterable()
        .containsExactly("GET:/payments");
  }
}
