package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.vertx.core.http.HttpServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks through the REST API. */
class WebhooksApiTest {
  private final List<String> bodies = new CopyOnWriteArrayList<>();

  private RunningAdmin admin;
  private String token;
  private String url;

  @BeforeEach
  void start() {
    admin =
        new RunningAdmin(
            RunningAdmin.accounts(),
            new ShieldOptions()
                .setBackend(MemoryBackend.create())
                .putSetting("SHIELD_WEBHOOK_ALLOWED_ADDRESSES", "127.0.0.1/32"));
    admin.register("GET:/a");
    token = admin.token("admin");
    HttpServer receiver =
        RunningAdmin.await(
            admin
                .vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  bodies.add(body.toString());
                                  request.response().end();
                                }))
                .listen(0, "127.0.0.1"));
    url = "http://127.0.0.1:" + receiver.actualPort() + "/";
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> send(String method, String path, String body) {
    return admin.send(token, method, "/api/webhooks" + path, body);
  }

  private JsonNode add(String more) {
    HttpResponse<String> added =
        send("POST", "", "{\"name\": \"ops\", \"url\": \"" + url + "\"" + more + "}");
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    return RunningAdmin.json(added);
  }

  @Test
  void aSecretIsShownOnceAndNowhereElse() {
    String secret = add("").get("secret").textValue();
    assertThat(secret).startsWith("whsec_");
    assertThat(add("").has("secret")).as("kept").isFalse();
    HttpResponse<String> rotated = send("POST", "/ops/rotate", null);
    String next = RunningAdmin.json(rotated).get("secret").textValue();
    assertThat(next).isNotEqualTo(secret);
    for (String path :
        List.of(
            "/api/webhooks",
            "/api/webhooks/ops",
            "/api/audit",
            "/api/export",
            "/api/sdk/snapshot",
            "/api/store")) {
      HttpResponse<String> answer = admin.send(token, "GET", path, null);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).as(path).doesNotContain(secret, next, "whsec_");
    }
  }

  @Test
  void tellsAndShowsWhatBecameOfIt() {
    add(", \"events\": [\"disable\"]");
    assertThat(admin.send(token, "POST", "/api/routes/disable?path=GET:/a", "{}").statusCode())
        .isEqualTo(200);
    await().until(() -> RunningAdmin.json(send("GET", "/ops/deliveries", null)).size() == 1);
    JsonNode delivery = RunningAdmin.json(send("GET", "/ops/deliveries", null)).get(0);
    assertThat(delivery.get("outcome").textValue()).isEqualTo("delivered");
    assertThat(delivery.get("event").textValue()).isEqualTo("disable");
    assertThat(bodies).hasSize(1);
    String id = delivery.get("id").textValue();
    assertThat(send("POST", "/ops/deliveries/" + id + "/redeliver", null).statusCode())
        .isEqualTo(200);
    await().until(() -> bodies.size() == 2);
    assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
    assertThat(send("POST", "/ops/test", null).statusCode()).isEqualTo(200);
    await().until(() -> bodies.size() == 3);
    assertThat(bodies.get(2)).contains("\"test\"");
  }

  @Test
  void enablesAndDisablesAndDeletes() {
    add("");
    assertThat(RunningAdmin.json(send("POST", "/ops/disable", null)).get("enabled").asBoolean())
        .isFalse();
    assertThat(send("POST", "/ops/test", null).statusCode()).isEqualTo(409);
    assertThat(RunningAdmin.json(send("POST", "/ops/enable", null)).get("enabled").asBoolean())
        .isTrue();
    assertThat(send("DELETE", "/ops", null).statusCode()).isEqualTo(200);
    for (String path : List.of("", "/deliveries")) {
      assertThat(send("GET", "/ops" + path, null).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void onlyIfNobodyWasFaster() {
    add("");
    HttpResponse<String> late =
        RunningAdmin.send(
            admin
                .request("DELETE", "/api/webhooks/ops", null)
                .header("X-Shield-Token", token)
                .header("If-Match", "\"stale.1\""));
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(RunningAdmin.json(late).at("/state/name").textValue()).isEqualTo("ops");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\": \"A\", \"url\": \"http://h/\"}",
        "{\"name\": \"a\", \"url\": \"file:///etc/passwd\"}",
        "{\"name\": \"a\", \"url\": \"http://h/\", \"format\": \"xml\"}",
        "{\"name\": \"a\", \"url\": \"http://h/\", \"events\": \"all\"}",
        "{\"name\": \"a\", \"url\": \"http://h/\", \"secret\": \"s\"}",
        "{\"name\": \"a\", \"url\": \"http://h/\", \"secret_env\": \"A B\"}"
      })
  void refusesWhatIsNoWebhook(String body) {
    assertThat(send("POST", "", body).statusCode()).isEqualTo(400);
  }
}
