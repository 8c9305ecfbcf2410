package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every request that was recorded from api-shield 0.8.0, in order, gets the recorded answer: what
 * it held, with more fields perhaps. Where Shield differs on purpose, this test says how.
 */
class RecordedRequestsTest {
  /** Differ in every run. */
  private static final Set<String> FREE = Set.of("error", "token", "id", "timestamp");

  /** A window does not close a route before it begins, and leaves the stored status alone. */
  private static final Map<String, String> OTHER_STATUS =
      Map.of("maintenance", "active", "schedule", "env_gated", "cancel schedule", "env_gated");

  @Test
  void areAnsweredAsTheyWere() throws Exception {
    AdminOptions options =
        new AdminOptions().setSecretKey(RunningAdmin.KEY).addUser("admin", "secret", Role.ADMIN);
    try (RunningAdmin admin = new RunningAdmin(options)) {
      String token = null;
      for (JsonNode recorded : recordings()) {
        if (recorded.path("name").textValue().startsWith("login as sdk")) {
          // Its token would replace the person's.
          assertAnswer(recorded, replay(admin, recorded, token));
          continue;
        }
        boolean without = recorded.path("name").textValue().equals("no token");
        HttpResponse<String> answer = replay(admin, recorded, without ? null : token);
        assertAnswer(recorded, answer);
        if (recorded.path("name").textValue().equals("login")) {
          token = RunningAdmin.json(answer).get("token").textValue();
        }
      }
    }
  }

  private static ArrayNode recordings() throws Exception {
    try (InputStream in = RecordedRequestsTest.class.getResourceAsStream("/wire/rest.json")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      ArrayNode all = (ArrayNode) ShieldJson.parse("rest.json", text);
      assertThat(all).hasSize(65);
      return all;
    }
  }

  private static HttpResponse<String> replay(RunningAdmin admin, JsonNode recorded, String token) {
    JsonNode request = recorded.get("request");
    JsonNode body = request.get("body");
    String text = body.isNull() ? null : body.isTextual() ? body.textValue() : body.toString();
    HttpRequest.Builder sent =
        admin.request(request.get("method").textValue(), request.get("path").textValue(), text);
    if (body.isObject()) {
      sent.header("Content-Type", "application/json");
    }
    return RunningAdmin.send(token == null ? sent : sent.header("X-Shield-Token", token));
  }

  private static void assertAnswer(JsonNode recorded, HttpResponse<String> answer) {
    String name = recorded.get("name").textValue();
    JsonNode expected = recorded.get("response");
    // What is not there is told as every other error is.
    if (name.equals("get unknown route") || name.equals("unknown endpoint")) {
      assertThat(answer.statusCode()).as(name).isEqualTo(404);
      return;
    }
    assertThat(answer.statusCode())
        .as("%s: %s", name, answer.body())
        .isEqualTo(expected.get("status").intValue());
    assertThat(answer.headers().firstValue("Content-Type"))
        .as(name)
        .contains(expected.get("content_type").textValue());
    JsonNode body = expected.get("body");
    if (body.isTextual()) {
      assertThat(answer.body()).as(name).isEqualTo(body.textValue());
    } else if (name.startsWith("audit")) {
      assertAudit(name, body, RunningAdmin.json(answer));
    } else {
      assertContains(name, adapted(name, body.deepCopy()), RunningAdmin.json(answer));
    }
  }

  private static JsonNode adapted(String name, JsonNode body) {
    if (OTHER_STATUS.containsKey(name)) {
      ((ObjectNode) body).put("status", OTHER_STATUS.get(name));
    }
    if (name.equals("cancel schedule")) {
      // The reason was the window's, and goes with it.
      ((ObjectNode) body).put("reason", "").putNull("window");
    }
    return body;
  }

  /** The log tells windows apart from maintenance, and that one was cancelled. */
  private static void assertAudit(String name, JsonNode recorded, JsonNode actual) {
    assertThat(actual).as(name).hasSameSizeAs(recorded);
    String[] actions = {"enable", "schedule_cancelled", "schedule_set", "env_gate", "schedule_set"};
    for (int i = 0; i < actual.size(); i++) {
      JsonNode entry = actual.get(i);
      assertThat(entry.get("action").textValue()).as(name).isEqualTo(actions[i]);
      recorded
          .get(i)
          .fieldNames()
          .forEachRemaining(field -> assertThat(entry.has(field)).as(field).isTrue());
      for (String field : Set.of("path", "service", "actor", "platform")) {
        assertThat(entry.get(field)).as(field).isEqualTo(recorded.get(i).get(field));
      }
    }
  }

  private static void assertContains(String place, JsonNode expected, JsonNode actual) {
    if (expected.isObject()) {
      expected
          .properties()
          .forEach(
              field -> {
                String inner = place + "/" + field.getKey();
                JsonNode value = actual.get(field.getKey());
                assertThat(value).as(inner).isNotNull();
                if (field.getKey().equals("expires_at")) {
                  assertSameTime(inner, value);
                } else if (!FREE.contains(field.getKey())) {
                  assertContains(inner, field.getValue(), value);
                } else {
                  assertThat(value.isTextual()).as(inner).isTrue();
                }
              });
    } else if (expected.isArray()) {
      assertThat(actual).as(place).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertContains(place + "/" + i, expected.get(i), actual.get(i));
      }
    } else {
      assertThat(actual).as(place).isEqualTo(expected);
    }
  }

  private static void assertSameTime(String place, JsonNode actual) {
    Instant expires = OffsetDateTime.parse(actual.textValue()).toInstant();
    assertThat(expires).as(place).isAfter(Instant.now());
  }
}
