package io.shield.admin;

import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
