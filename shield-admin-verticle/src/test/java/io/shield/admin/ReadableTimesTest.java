package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.memory.MemoryBackend;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever the clock knows, people are shown no more than milliseconds. */
class ReadableTimesTest {
  private RunningAdmin admin;
  private String token;

  @BeforeEach
  void start() {
    admin =
        new RunningAdmin(
            RunningAdmin.accounts(),
            MemoryBackend.create(),
            () -> Instant.now().truncatedTo(ChronoUnit.SECONDS).plusNanos(123_456_789));
    admin.register("GET:/pay", "GET:/old");
    token = admin.token("admin");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private void change(String path, String body) {
    assertReadable("POST " + path, admin.send(token, "POST", path, body));
  }

  private static void assertReadable(String what, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s: %s", what, answer.body()).isLessThan(300);
    assertThat(answer.body()).as(what).doesNotContainPattern("T\\d\\d:\\d\\d:\\d\\d\\.\\d{4,}");
  }

  @Test
  void noAnswerHasNanoseconds() {
    change("/api/routes/disable?path=GET:/pay", "{\"reason\": \"x\", \"until\": \"2h\"}");
    change("/api/routes/deprecate?path=GET:/old", "{\"sunset_date\": \"90d\"}");
    change("/api/routes/schedule?path=GET:/old", "{\"start\": \"1h\", \"end\": \"2h\"}");
    change("/api/global/enable", "{\"reason\": \"x\"}");
    change("/api/global/disable", "{}");
    change("/api/tokens", "{\"name\": \"ci\", \"role\": \"viewer\", \"expires_in\": \"90d\"}");
    change(
        "/api/rate-limits", "{\"path\": \"/pay\", \"method\": \"GET\", \"limit\": \"1/minute\"}");
    change("/api/webhooks", "{\"name\": \"ci\", \"url\": \"https://hooks.example.com/\"}");
    for (String path :
        new String[] {
          "/api/routes",
          "/api/routes?path=GET:/pay",
          "/api/audit",
          "/api/schedule",
          "/api/tokens",
          "/api/webhooks",
          "/api/webhooks/ci/deliveries",
          "/api/rate-limits",
          "/api/services",
          "/api/clients",
          "/api/store",
          "/api/overrides",
          "/api/export",
          "/api/auth/me",
          "/api/explain?method=GET&path=/pay",
          "/health/ready"
        }) {
      assertReadable(path, admin.send(token, "GET", path, null));
    }
  }
}
