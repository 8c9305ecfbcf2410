package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.webhook.Webhook;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents through the REST API. */
class DeclaredApiTest {
  private static final String DISABLED = "shield: 1\nroutes:\n  GET:/a: {status: disabled}\n";

  private RunningAdmin admin;
  private String token;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/a", "GET:/b");
    token = admin.token("operator");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> apply(String query, String body) {
    return admin.send(token, "POST", "/api/apply" + query, body);
  }

  private RouteStatus status(String route) {
    return admin.engine.routes().get(route).status();
  }

  @Test
  void exportsAndTakesWhatItExports() {
    for (String format : new String[] {"json", "yaml"}) {
      HttpResponse<String> exported =
          admin.send(token, "GET", "/api/export?format=" + format, null);
      assertThat(exported.statusCode()).isEqualTo(200);
      assertThat(exported.headers().firstValue("Content-Type")).hasValue("application/" + format);
      HttpResponse<String> applied = apply("?prune=true", exported.body());
      assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
      assertThat(RunningAdmin.json(applied).get("count").intValue()).isZero();
    }
    HttpResponse<String> part = admin.send(token, "GET", "/api/export?section=maintenance", null);
    assertThat(RunningAdmin.json(part).has("routes")).isFalse();
  }

  /** An address can be a secret. */
  @Test
  void webhooksAreForAdministrators() {
    Webhook hook = Webhook.of("ops", "https://ops.example.com/in");
    RunningAdmin.await(admin.engine.webhooks().set(hook, null, null, Actor.of("alice", "cli")));
    assertThat(admin.send(token, "GET", "/api/export", null).body()).doesNotContain("webhooks");
    assertThat(admin.send(token, "GET", "/api/export?section=webhooks", null).statusCode())
        .isEqualTo(403);
    String document = "shield: 1\nwebhooks:\n  ops: {url: 'https://ops.example.com/new'}\n";
    assertThat(apply("", document).statusCode()).isEqualTo(403);
    token = admin.token("admin");
    assertThat(admin.send(token, "GET", "/api/export", null).body())
        .contains("\"webhooks\":{\"ops\":{\"url\":\"https://ops.example.com/in\"}}");
    assertThat(apply("", document).statusCode()).isEqualTo(200);
    assertThat(admin.engine.webhooks().get("ops").orElseThrow().url()).endsWith("/new");
  }

  @Test
  void aDryRunTellsTheDifferenceAndChangesNothing() {
    JsonNode difference = RunningAdmin.json(apply("?dry_run=true", DISABLED));
    assertThat(difference.get("entries").get(0).get("name").textValue()).isEqualTo("routes/GET:/a");
    assertThat(difference.at("/entries/0/changes/0/after").textValue()).isEqualTo("disabled");
    assertThat(status("GET:/a")).isEqualTo(RouteStatus.ACTIVE);
    assertThat(apply("?reason=why", DISABLED).statusCode()).isEqualTo(200);
    assertThat(status("GET:/a")).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void onlyIfNobodyWasFaster() {
    String tag =
        admin.send(token, "GET", "/api/export", null).headers().firstValue("ETag").orElseThrow();
    assertThat(admin.send(token, "POST", "/api/routes/disable?path=GET:/b", "{}").statusCode())
        .isEqualTo(200);
    HttpResponse<String> late =
        RunningAdmin.send(
            admin
                .request("POST", "/api/apply", DISABLED)
                .header("X-Shield-Token", token)
                .header("If-Match", tag));
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(status("GET:/a")).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void aFleetsDocumentMayBeLargeAndNotAnySize() {
    String comment = "# " + "x".repeat(200_000) + "\n";
    assertThat(apply("", comment + DISABLED).statusCode()).isEqualTo(200);
    HttpResponse<String> larger = apply("", "# " + "x".repeat(1 << 20) + "\n" + DISABLED);
    assertThat(larger.statusCode()).isEqualTo(413);
    assertThat(larger.body()).contains("1048576");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{",
        "{]",
        "a: b: c",
        "&a [*a, *a]",
        "\u0001",
        "- 1\n- 2",
        "? [a]\n: b",
        "--- 1\n--- 2",
        "shield: 1\nroutes: {GET:/a: {status: !!java.net.URL [x]}}",
        "shield: .nan",
        "!!binary x",
        "shield: 1\nshield: 1",
        "%YAML 9.9\n---\na",
        "\ud83d: \ud83d",
        "@",
        "`",
        "%",
        "shield: 1e999999999"
      })
  void refusesWhatIsNoDocument(String body) {
    HttpResponse<String> answer = apply("", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\"").doesNotContain("Exception", "snakeyaml");
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    assertThat(apply("", "[".repeat(100_000)).statusCode()).isEqualTo(400);
    assertThat(apply("", "{\"a\":".repeat(100_000)).statusCode()).isEqualTo(400);
  }
}
