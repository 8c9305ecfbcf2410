package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The store's condition, and what an operator may decide about it. */
class StoreEndpointsTest {
  @Test
  void howManyMembersDecideIsAskedAuditedAndConditional() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      String token = admin.token("admin");
      for (String wrong : new String[] {"0", "1001", "-3", "2.5", "\"x\"", "null"}) {
        HttpResponse<String> refused =
            admin.send(token, "POST", "/api/store/members", "{\"members\": " + wrong + "}");
        assertThat(refused.statusCode()).as("%s: %s", wrong, refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("members");
      }

      for (int count : new int[] {3, 2}) {
        HttpResponse<String> done =
            admin.send(
                token,
                "POST",
                "/api/store/members",
                "{\"members\": " + count + ", \"reason\": \"one is gone\"}");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(RunningAdmin.json(done).get("condition").textValue()).isEqualTo("ready");
      }

      List<AuditEntry> entries =
          RunningAdmin.await(admin.engine.audit().newest(10)).stream()
              .filter(entry -> entry.action().equals("store_members"))
              .toList();
      assertThat(entries).hasSize(2);
      AuditEntry last = entries.get(0);
      assertThat(last.actor()).isEqualTo("admin");
      assertThat(last.path()).isEqualTo("__store__");
      assertThat(last.reason()).isEqualTo("one is gone");
      assertThat(last.changes()).containsExactly(new FieldChange("members", "3", "2"));
      HttpResponse<String> late =
          RunningAdmin.send(
              admin
                  .request("POST", "/api/store/members", "{\"members\": 3}")
                  .header("Authorization", "Bearer " + token)
                  .header("If-Match", "\"stale.1\""));
      assertThat(late.statusCode()).as(late.body()).isEqualTo(412);
    }
  }

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
