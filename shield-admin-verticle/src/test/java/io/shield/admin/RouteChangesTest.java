package io.shield.admin;

import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every change of a route has in common: entity tags, and reasons where they are mandatory.
 */
class RouteChangesTest {
  private static final String KEY = "GET:/payments";
  private static final String WINDOW =
      "{\"start\": \"2999-01-01T00:00:00Z\", \"end\": \"2999-01-02T00:00:00Z\"}";

  /** Method, action, body; in an order in which each is possible. */
  private static final List<String[]> CHANGES =
      List.of(
          new String[] {"POST", "enable", "{\"reason\": \"first\"}"},
          new String[] {"POST", "schedule", WINDOW},
          new String[] {"DELETE", "schedule", "{}"},
          new String[] {"POST", "disable", "{}"},
          new String[] {"POST", "env", "{\"envs\": [\"staging\"]}"},
          new String[] {"POST", "deprecate", "{\"successor_path\": \"/v2\"}"},
          new String[] {"POST", "canary", "{\"percentage\": 5}"},
          new String[] {"POST", "maintenance", "{}"});

  private RunningAdmin admin;

  @AfterEach
  void stop() {
    admin.close();
  }

  private void start(AdminOptions options) {
    admin = new RunningAdmin(options);
    admin.register(KEY);
  }

  private HttpResponse<String> change(String[] change, String target, String ifMatch) {
    HttpRequest.Builder request = admin.request(change[0], target, change[2]);
    return RunningAdmin.send(ifMatch == null ? request : request.header("If-Match", ifMatch));
  }

  private static String etag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isMadeOnlyToWhatTheCallerSaw(boolean inPath) {
    start(new AdminOptions());
    String route = "/api/routes/" + RunningAdmin.encoded(KEY);
    for (String[] change : CHANGES) {
      String target =
          inPath ? route + "/" + change[1] : "/api/routes/" + change[1] + "?path=" + KEY;
      String seen = etag(admin.send(null, "GET", route, null));
      long revision = admin.engine.snapshot().head().revision();
      for (String stale : List.of("\"stale.1\"", "W/\"stale.1-gzip\"")) {
        HttpResponse<String> refused = change(change, target, stale);
        assertThat(refused.statusCode()).as(change[1]).isEqualTo(412);
        assertThat(json(refused).get("state").get("path").textValue()).isEqualTo(KEY);
        assertThat(etag(refused)).isEqualTo(seen);
      }
      assertThat(change(change, target, "no tag").statusCode()).isEqualTo(400);
      assertThat(admin.engine.snapshot().head().revision()).isEqualTo(revision);
      HttpResponse<String> made = change(change, target, "\"stale.1\", " + seen);
      assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
      assertThat(etag(made)).as(change[1]).isNotEqualTo(seen);
      assertThat(change(change, target, seen).statusCode()).as("again").isEqualTo(412);
    }
  }

  @Test
  void aRouteThatIsStillDeclaredIsForgottenByForceOnly() {
    start(new AdminOptions());
    String route = "/api/routes/" + RunningAdmin.encoded(KEY);
    HttpResponse<String> refused = admin.send(null, "DELETE", route, null);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(refused.body()).contains("declares it");
    assertThat(admin.send(null, "DELETE", route + "?force=perhaps", null).statusCode())
        .isEqualTo(400);
    HttpResponse<String> stale =
        change(new String[] {"DELETE", "", ""}, route + "?force=true", "\"stale.1\"");
    assertThat(stale.statusCode()).isEqualTo(412);
    HttpResponse<String> made =
        admin.send(null, "DELETE", "/api/routes?path=" + KEY + "&force=true&reason=gone", null);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    assertThat(json(made).get("path").textValue()).isEqualTo(KEY);
    assertThat(admin.send(null, "DELETE", "/api/routes?path=GET:/nowhere", null).statusCode())
        .isEqualTo(404);
    assertThat(admin.send(null, "GET", "/api/audit?action=forget", null).body()).contains("gone");
  }

  /** As every time that lies ahead, and as the header has it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2090-01-01",
        "2090-01-01T00:00",
        "2090-01-01T01:00:00+01:00",
        "Sun, 01 Jan 2090 00:00:00 GMT"
      })
  void theSunsetIsADateOrATime(String sunset) {
    start(new AdminOptions());
    HttpResponse<String> made =
        admin.send(
            null,
            "POST",
            "/api/routes/deprecate?path=" + KEY,
            "{\"sunset_date\": \"" + sunset + "\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    assertThat(json(made).get("sunset_date").textValue())
        .isEqualTo("Sun, 01 Jan 2090 00:00:00 GMT");
  }

  /** A method that somebody changed by itself no longer follows the others. */
  @Test
  void whoClosesAllMethodsIsToldWhichStayOpen() {
    start(new AdminOptions());
    admin.register("/all");
    for (String change : List.of("disable?path=POST:/all", "enable?path=POST:/all")) {
      assertThat(admin.send(null, "POST", "/api/routes/" + change, "{}").statusCode())
          .isEqualTo(200);
    }
    String bulk = "{\"keys\": [\"/all\"], \"action\": \"disable\"}";
    for (String[] change :
        List.of(
            new String[] {"disable?path=/all", "{}"},
            new String[] {"schedule?path=/all", WINDOW},
            new String[] {"bulk", bulk})) {
      HttpResponse<String> made = admin.send(null, "POST", "/api/routes/" + change[0], change[1]);
      assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
      assertThat(json(made).path("warnings").toString())
          .as(made.body())
          .contains("POST:/all")
          .doesNotContain("GET:/all");
    }
    admin.send(null, "POST", "/api/routes/disable?path=POST:/all", "{}");
    for (String change : List.of("disable?path=/all", "enable?path=/all")) {
      HttpResponse<String> made = admin.send(null, "POST", "/api/routes/" + change, "{}");
      assertThat(json(made).has("warnings")).as(made.body()).isFalse();
    }
  }

  @Test
  void needsAReasonWhereItIsMandatory() {
    start(new AdminOptions().setReasonRequired(true));
    for (String[] change : CHANGES) {
      String target = "/api/routes/" + change[1] + "?path=" + KEY;
      if (!change[1].equals("enable")) {
        HttpResponse<String> refused = change(change, target, null);
        assertThat(refused.statusCode()).as(change[1]).isEqualTo(400);
        assertThat(refused.body()).contains("reason");
      }
      HttpResponse<String> made = change(change, target + "&reason=because", null);
      assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    }
    String bulk = "{\"glob\": \"**\", \"action\": \"enable\"";
    for (String target : List.of("/api/global/enable", "/api/services/shop/maintenance/enable")) {
      assertThat(admin.send(null, "POST", target, "{}").statusCode()).as(target).isEqualTo(400);
      assertThat(admin.send(null, "POST", target, "{\"reason\": \"x\"}").statusCode())
          .isEqualTo(200);
    }
    assertThat(admin.send(null, "POST", "/api/routes/bulk", bulk + "}").statusCode())
        .isEqualTo(400);
    assertThat(
            admin
                .send(null, "POST", "/api/routes/bulk", bulk + ", \"reason\": \" \"}")
                .statusCode())
        .as("a blank one is none")
        .isEqualTo(400);
    assertThat(
            admin
                .send(null, "POST", "/api/routes/bulk", bulk + ", \"reason\": \"x\"}")
                .statusCode())
        .isEqualTo(200);
  }
}
