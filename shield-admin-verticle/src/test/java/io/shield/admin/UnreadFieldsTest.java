package io.shield.admin;

import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.store.Head;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of bodies that a call does not know. */
class UnreadFieldsTest {
  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/pay");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/routes/disable?path=GET:/pay, untill, was until meant",
    "/api/routes/disable?path=GET:/pay, percentage, a field of this call: allowed_ips, allowed_roles, reason",
    "/api/routes/maintenance?path=GET:/pay, exempt_paths, a field of this call: allowed_ips",
    "/api/routes/maintenance?path=GET:/pay, strat, was start meant",
    "/api/global/enable, exempt_path, was exempt_paths meant",
    "/api/global/enable, until, a field of this call: enabled",
    "/api/rate-limits, brust, was burst meant",
    "/api/global-rate-limit, exempt_ips, a field of this call"
  })
  void thatWereMeantToDoSomethingAreRefused(String target, String field, String said) {
    String body =
        "{\"path\": \"/pay\", \"method\": \"GET\", \"limit\": \"5/minute\", \"" + field + "\": 1}";
    String own = target.contains("rate-limits") ? body : "{\"" + field + "\": 1}";
    HttpResponse<String> answer = admin.send(null, "POST", target, own);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).path("error").asText()).startsWith(field + ": ").contains(said);
    assertThat(admin.engine.snapshot().globalMaintenance().enabled()).isFalse();
  }

  @Test
  void inABulkChangeGoByItsAction() {
    String bulk = "{\"keys\": [\"GET:/pay\"], \"action\": \"disable\", \"%s\": \"1h\"}";
    HttpResponse<String> known =
        admin.send(null, "POST", "/api/routes/bulk", String.format(bulk, "until"));
    assertThat(known.statusCode()).as(known.body()).isEqualTo(200);
    HttpResponse<String> wrong =
        admin.send(null, "POST", "/api/routes/bulk", String.format(bulk, "start"));
    assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(400);
  }

  @Test
  void ofNoMeaningAreToldOf() {
    HttpResponse<String> answer =
        admin.send(
            null, "POST", "/api/routes/disable?path=GET:/pay", "{\"ticket_number\": \"OPS-7\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).path("warnings").toString()).contains("ticket_number");
    assertThat(json(answer).path("status").asText()).isEqualTo("disabled");
  }

  /** What was to be tried is not done. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/api/apply?dryrun=true|dryrun|was dry_run meant?",
        "POST|/api/apply?Prune=true|Prune|was prune meant?",
        "POST|/api/routes/disable?path=GET:/pay&reasn=x|reasn|was reason meant?",
        "POST|/api/routes/disable?path=GET:/pay&dry_run=true|dry_run|path, reason",
        "DELETE|/api/routes?path=GET:/pay&forse=true|forse|was force meant?",
        "DELETE|/api/global-rate-limit?key=ip:192.0.2.1|key|none",
        "POST|/api/webhooks?limit=1|limit|none",
      })
  void inAQueryAreRefused(String method, String target, String name, String said) {
    Head before = admin.engine.snapshot().head();
    String body = target.startsWith("/api/apply") ? "routes: {GET:/pay: {status: disabled}}" : null;
    HttpResponse<String> answer = admin.send(null, method, target, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer).path("error").asText())
        .startsWith(name + ": ")
        .contains("a query parameter of this call", said);
    assertThat(admin.engine.snapshot().head()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/routes?sttus=disabled|sttus is not a query parameter of this call: was status meant?",
        "/api/audit?actoin=disable|actoin is not a query parameter of this call: was action meant?",
        "/api/export?format=json&tenant=1|tenant is not a query parameter of this call",
        "/api/global?path=/x|path is not a query parameter of this call",
      })
  void inAQueryThatOnlyReadsAreTold(String target, String said) {
    HttpResponse<String> answer = admin.send(null, "GET", target, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Shield-Warning")).hasValue(said);
    assertThat(answer.body()).doesNotContain("warnings");
  }

  /** Whatever it is for. */
  @Test
  void inAQueryOfNoMeaningAreTold() {
    HttpResponse<String> answer =
        admin.send(null, "POST", "/api/routes/disable?path=GET:/pay&trace=77", null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).path("warnings").toString())
        .contains("trace is not a query parameter of this call");
  }

  /** Each endpoint says what it reads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/routes?service=shop&status=active&limit=1&offset=0",
        "/api/routes?path=GET:/pay",
        "/api/services?service=shop&limit=1&offset=0",
        "/api/rate-limits?service=shop&limit=1&offset=0",
        "/api/rate-limits/hits?route=/pay&limit=1&offset=0",
        "/api/schedule?service=shop&limit=1&offset=0",
        "/api/export?section=routes&service=shop&owner=me&format=yaml",
        "/api/webhooks?limit=1&offset=0",
        "/api/tokens?limit=1&offset=0",
        "/api/clients?service=shop&limit=1&offset=0",
        "/api/audit?route=/pay&actor=me&action=enable&since=1h&limit=1&offset=0",
        "/api/audit?path=/pay",
        "/api/audit/export?service=shop&limit=1",
        "/api/explain?method=GET&path=/pay&service=shop",
      })
  void whatIsReadIsNotTold(String target) {
    HttpResponse<String> answer = admin.send(null, "GET", target, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Shield-Warning").orElse(""))
        .doesNotContain("query parameter");
  }
}
