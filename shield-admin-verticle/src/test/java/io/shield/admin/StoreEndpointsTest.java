package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The store's condition, and what an operator may decide about it. */
class StoreEndpointsTest {
  @Test
  void aStoreThatIsBelievedLeavesNothingToDecide() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      String token = admin.token("admin");

      HttpResponse<String> shown = admin.send(token, "GET", "/api/store", null);
      assertThat(shown.statusCode()).isEqualTo(200);
      assertThat(RunningAdmin.json(shown).get("condition").textValue()).isEqualTo("ready");
      assertThat(RunningAdmin.json(shown).get("head").get("revision").longValue())
          .isEqualTo(admin.engine.snapshot().head().revision());

      for (String action : new String[] {"adopt", "reseed"}) {
        HttpResponse<String> refused =
            admin.send(token, "POST", "/api/store/" + action, "{\"reason\": \"why not\"}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("the store is believed");
      }
    }
  }
}
