package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients get problem details (RFC 9457): those that would rather have them than JSON. */
class RefusalFormatTest extends WebTest {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  private TestApp app;

  @BeforeEach
  void startApp() {
    app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.start();
    app.apply("/x", new RouteAction.Maintenance("upgrade", MutableClock.START.plusSeconds(30)));
  }

  private String formatFor(String... headers) {
    Answer answer = app.get("/x", headers);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Retry-After")).isEqualTo("30");
    assertThat(answer.json().containsKey("error"))
        .isEqualTo(answer.header("Content-Type").equals(JSON));
    return answer.header("Content-Type");
  }

  @Test
  void withoutAcceptItIsJson() {
    assertThat(formatFor()).isEqualTo(JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/problem+json",
        "APPLICATION/Problem+JSON",
        "application/problem+json;q=0.1",
        "text/html, application/problem+json;q=0.5",
        "application/problem+json; charset=utf-8",
        "application/problem+json, application/json;q=0",
        "application/problem+json, application/json; q=0.0",
        "application/problem+json, */*;q=0",
        "application/problem+json, application/*;q=0",
        "application/problem+json, text/*",
        "application/json;q=0, */*",
        "application/problem+json;;q=1;",
        " application/problem+json ; q = 0.5 ",
        "application/problem+json, application/problem+xml",
        "application/json;q=0.1, application/problem+json",
        "application/json;q=0.8, application/problem+json;q=0.9",
        "application/problem+json, */*;q=0.01"
      })
  void problemDetails(String accept) {
    assertThat(formatFor("Accept: " + accept)).isEqualTo(PROBLEM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "*/*",
        "application/*",
        "text/html",
        "text/html, */*;q=0.1",
        "application/problem+json, application/json",
        "application/problem+json, Application/JSON",
        "application/problem+json, */*",
        "application/problem+json, application/*",
        "application/problem+json;q=0.8, application/json;q=0.9",
        "application/problem+json;q=0.5, */*;q=0.8",
        "application/problem+json;q=0",
        "application/problem+json;q=0, text/html",
        "application/problem+xml",
        "text/problem+json",
        "application/problem+json;q=0, */*",
        ";q=1",
        "a;b=\"",
        ",,;;,",
        ""
      })
  void json(String accept) {
    assertThat(formatFor("Accept: " + accept)).isEqualTo(JSON);
  }

  @Test
  void severalAcceptHeadersAreOneList() {
    assertThat(formatFor("Accept: text/html", "Accept: application/problem+json"))
        .isEqualTo(PROBLEM);
    assertThat(formatFor("Accept: application/problem+json", "Accept: application/json"))
        .isEqualTo(JSON);
  }

  @Test
  void theBodyOfProblemDetails() {
    Answer answer = app.get("//x", "Accept: " + PROBLEM);
    assertThat(answer.json())
        .isEqualTo(
            new JsonObject(
                """
                {
                  "type": "about:blank",
                  "title": "This endpoint is temporarily unavailable",
                  "status": 503,
                  "instance": "//x",
                  "code": "MAINTENANCE_MODE",
                  "reason": "upgrade",
                  "retry_after": "2030-01-01T00:00:30Z"}
                """));
  }

  @Test
  void problemDetailsOfTheOtherRefusals() {
    app.disable("/x");
    JsonObject disabled = app.get("/x", "Accept: " + PROBLEM).json();
    assertThat(disabled.getInteger("status")).isEqualTo(503);
    assertThat(disabled.getString("code")).isEqualTo("ROUTE_DISABLED");
    assertThat(disabled.getString("reason")).isEqualTo("broken");
    app.apply("/x", new RouteAction.EnvGate(List.of("dev"), null, null));
    JsonObject gated = app.get("/x", "Accept: " + PROBLEM).json();
    assertThat(gated.getInteger("status")).isEqualTo(403);
    assertThat(gated.getString("code")).isEqualTo("ENV_GATED");
    assertThat(gated.getString("current_env")).isEqualTo("production");
    assertThat(gated.getJsonArray("allowed_envs")).containsExactly("dev");
  }

  /** A header that cannot be read must not open a gate. */
  @Test
  void noAcceptHeaderOpensAGate() {
    Random random = Seeds.random("noAcceptHeaderOpensAGate");
    String alphabet = "aq=;,/*+\"\\ .0-1:<>é\t";
    for (int i = 0; i < 500; i++) {
      StringBuilder accept = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        accept.append(
            random.nextInt(8) == 0
                ? PROBLEM
                : "" + alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(app.get("/x", "Accept: " + accept).status()).as("%s", accept).isEqualTo(503);
    }
    assertThat(app.ran()).isEmpty();
    assertThat(app.engine().errors()).isZero();
  }
}
