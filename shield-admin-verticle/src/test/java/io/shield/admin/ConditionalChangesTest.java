package io.shield.admin;

import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With {@code If-Match} nothing is changed that is no longer what the caller saw. */
class ConditionalChangesTest {
  private static final String POLICY = "/api/rate-limits/" + RunningAdmin.encoded("GET:/pay");

  /**
   * A change.
   *
   * @param seen where its state is looked at
   */
  private record Step(String seen, String method, String target, String body) {}

  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/pay");
    RunningAdmin.await(
        admin
            .engine
            .rateLimits()
            .set(RateLimitPolicy.of("GET", "/pay", "5/minute"), Actor.of("alice", "cli")));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> send(Step step, String ifMatch) {
    HttpRequest.Builder request = admin.request(step.method, step.target, step.body);
    return RunningAdmin.send(request.header("If-Match", ifMatch));
  }

  private HttpResponse<String> look(String target) {
    return admin.send(null, "GET", target, null);
  }

  private static String etag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  private void assertConditional(Step step) {
    String seen = etag(look(step.seen));
    long revision = admin.engine.snapshot().head().revision();
    for (String other : List.of("\"stale.1\"", "W/\"stale.1-gzip\"")) {
      HttpResponse<String> refused = send(step, other);
      assertThat(refused.statusCode()).as("%s: %s", step, refused.body()).isEqualTo(412);
      assertThat(json(refused).has("state")).as("%s: %s", step, refused.body()).isTrue();
      assertThat(etag(refused)).as("%s", step).isEqualTo(seen);
    }
    assertThat(send(step, "no tag").statusCode()).as("%s", step).isEqualTo(400);
    assertThat(admin.engine.snapshot().head().revision()).as("%s", step).isEqualTo(revision);
    HttpResponse<String> made = send(step, seen);
    assertThat(made.statusCode()).as("%s: %s", step, made.body()).isIn(200, 201);
    assertThat(admin.engine.snapshot().head().revision()).as("%s", step).isGreaterThan(revision);
  }

  /** Apache and Caddy add the coding to the tag, nginx weakens it. */
  @Test
  void tagsThatACompressingProxyRewroteCount() {
    for (String form : List.of("W/%s\"", "%s-gzip\"", "W/%s-br\"", "%s-zstd\"")) {
      String seen = etag(look("/api/global"));
      String tag = form.formatted(seen.substring(0, seen.length() - 1));
      Step enable = new Step("/api/global", "POST", "/api/global/enable", "{\"reason\": \"x\"}");
      HttpResponse<String> made = send(enable, tag);
      assertThat(made.statusCode()).as("%s: %s", tag, made.body()).isEqualTo(200);
      assertThat(send(enable, tag).statusCode()).as("%s, once more", tag).isEqualTo(412);
    }
  }

  /** What sends to them writes too. */
  @Test
  void ofWebhooks() {
    String body = "{\"name\": \"ops\", \"url\": \"https://ops.example.com\"}";
    assertThat(admin.send(null, "POST", "/api/webhooks", body).statusCode()).isEqualTo(201);
    String one = "/api/webhooks/ops";
    for (Step step :
        List.of(
            new Step(one, "POST", one + "/test", null),
            new Step(one, "POST", one + "/rotate", null),
            new Step(one, "POST", one + "/disable", null),
            new Step(one, "POST", one + "/enable", null),
            new Step(one, "POST", "/api/webhooks", body),
            new Step(one, "DELETE", one, null))) {
      String seen = etag(look(one));
      HttpResponse<String> refused = send(step, "\"stale.1\"");
      assertThat(refused.statusCode()).as("%s: %s", step, refused.body()).isEqualTo(412);
      assertThat(etag(refused)).as("%s", step).isEqualTo(seen);
      assertThat(etag(look(one))).as("%s", step).isEqualTo(seen);
      assertThat(send(step, seen).statusCode()).as("%s", step).isIn(200, 201);
    }
    assertThat(look(one).statusCode()).isEqualTo(404);
  }

  @Test
  void ofMaintenance() {
    for (String mode : List.of("/api/global", "/api/services/shop/maintenance")) {
      assertConditional(new Step(mode, "POST", mode + "/enable", "{\"reason\": \"x\"}"));
      assertConditional(new Step(mode, "POST", mode + "/disable", null));
    }
  }

  @Test
  void ofTheRateLimitsOfTheFleetAndOfAService() {
    for (String limit : List.of("/api/global-rate-limit", "/api/services/shop/rate-limit")) {
      assertConditional(new Step(limit, "POST", limit, "{\"limit\": \"5/minute\"}"));
      assertConditional(new Step(limit, "POST", limit + "/disable", null));
      assertConditional(new Step(limit, "POST", limit + "/enable", null));
      assertConditional(new Step(limit, "DELETE", limit + "/reset", null));
      assertConditional(new Step(limit, "DELETE", limit, null));
      Step again = new Step(limit, "POST", limit, "{\"limit\": \"5/minute\"}");
      assertThat(send(again, "*").statusCode()).as("there is none").isEqualTo(412);
    }
  }

  @Test
  void ofTheRateLimitOfARoute() {
    String set = "{\"path\": \"/pay\", \"method\": \"GET\", \"limit\": \"9/minute\"}";
    assertConditional(new Step(POLICY, "POST", "/api/rate-limits", set));
    assertConditional(new Step(POLICY, "POST", POLICY + "/pause", null));
    assertConditional(new Step(POLICY, "POST", POLICY + "/resume", null));
    assertConditional(new Step("/api/rate-limits", "DELETE", POLICY + "/reset", null));
    assertConditional(new Step(POLICY, "DELETE", POLICY, null));
  }

  @Test
  void ofManyRoutes() {
    String bulk = "{\"keys\": [\"/pay\"], \"action\": \"disable\"}";
    Step step = new Step("/api/routes", "POST", "/api/routes/bulk", bulk);
    HttpResponse<String> refused = send(step, "\"stale.1\"");
    assertThat(json(refused).get("state").get(0).get("path").textValue()).isEqualTo("GET:/pay");
    assertConditional(step);
  }

  @Test
  void ofTheStore() {
    Step adopt = new Step("/api/store", "POST", "/api/store/adopt", null);
    HttpResponse<String> refused = send(adopt, "\"stale.1\"");
    assertThat(refused.statusCode()).isEqualTo(412);
    assertThat(json(refused).get("state").get("condition").textValue()).isEqualTo("ready");
    assertThat(send(adopt, etag(look("/api/store"))).statusCode()).isEqualTo(409);
  }

  @Test
  void everyAnswerThatShowsStateHasATag() {
    for (String target :
        List.of("/api/routes", POLICY, "/api/rate-limits", "/api/explain?path=/pay")) {
      assertThat(etag(look(target))).as(target).matches("\"[0-9a-f-]+\\.\\d+\"");
    }
    String states = "{\"app_id\": \"shop\", \"states\": [{\"path\": \"shop:GET:/a\"}]}";
    assertThat(etag(admin.send(null, "POST", "/api/sdk/register", states))).isNotBlank();
  }
}
