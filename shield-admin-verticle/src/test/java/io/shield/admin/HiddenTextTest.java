package io.shield.admin;

import static io.shield.admin.RunningAdmin.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No name looks like another, and what is hidden in a reason is shown. */
class HiddenTextTest {
  private static RunningAdmin admin;
  private static String token;

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/payments");
    token = admin.token("admin");
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/routes/env?path=GET:/payments|{`envs`:[`prod\\u200b`]}",
        "/api/routes/deprecate?path=GET:/payments|{`successor_path`:`javascript:alert(1)`}",
        "/api/routes/deprecate?path=GET:/payments|{`successor_path`:`//evil.example/`}",
        "/api/routes/maintenance?path=GET:/payments|{`until`:`1h\\u200d`}",
        "/api/global/enable|{`exempt_paths`:[`/pay\\u202ements`]}",
        "/api/services/pay%E2%80%8B/maintenance/enable|{}",
        "/api/rate-limits|{`path`:`/pay\\u2066ments`,`method`:`GET`,`limit`:`1/day`}",
        "/api/sdk/register|{`app_id`:`pay`,`states`:[{`path`:`pay:GET:/\\u200bx`}]}",
        "/api/sdk/register|{`app_id`:`pay\\ufeff`,`states`:[]}",
        "/api/sdk/register|"
            + "{`app_id`:`pay`,`states`:[{`path`:`pay:GET:/x`,`successor_path`:`data:x`}]}",
        "/api/tokens|{`role`:`viewer`,`description`:`CI\\u202e`}",
      })
  void isRefusedInNames(String target, String body) {
    HttpResponse<String> answer = admin.send(token, "POST", target, body.replace('`', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("INVALID_VALUE");
  }

  @Test
  void isShownInErrors() {
    HttpResponse<String> answer =
        admin.send(token, "POST", "/api/routes/disable?path=GET:/%E2%80%AEpay", "{}");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("GET:/\\\\u202epay").doesNotContain("\u202e");
  }

  @Test
  void isShownInReasons() {
    String body = "{\"reason\":\"see \\u202etxt.exe \\u200b\"}";
    HttpResponse<String> answer =
        admin.send(token, "POST", "/api/routes/disable?path=GET:/payments", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    for (String page : new String[] {"route?key=" + encoded("GET:/payments"), "routes", "audit"}) {
      String html = admin.send(token, "GET", "/dashboard/" + page, null).body();
      assertThat(html).doesNotContain("\u202e", "\u200b");
    }
    assertThat(admin.send(token, "GET", "/dashboard/audit", null).body())
        .contains("see \\u202etxt.exe \\u200b");
  }
}
