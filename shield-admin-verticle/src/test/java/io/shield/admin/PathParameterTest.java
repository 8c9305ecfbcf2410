package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever has a key in its path takes it as {@code ?path=} too, with the same answer. */
class PathParameterTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final String KEY = "GET:/pay";
  private static final Map<String, String> BODIES =
      Map.of(
          "env", "{\"envs\": [\"dev\"]}",
          "schedule", "{\"start\": \"1h\", \"for\": \"1h\"}",
          "canary", "{\"percentage\": 5}");

  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions());
    admin.register(KEY);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpResponse<String> send(String method, String target) {
    await(admin.engine.rateLimits().set(RateLimitPolicy.of("GET", "/pay", "5/minute"), ALICE));
    await(admin.engine.routes().enable(KEY, ALICE, ""));
    String action = target.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
    String body = method.equals("GET") || method.equals("DELETE") ? null : "{}";
    return admin.send(
        null, method, target, body == null ? null : BODIES.getOrDefault(action, body));
  }

  @Test
  void meansTheSame() throws IOException {
    List<String> rows =
        EndpointRolesTest.table().stream().filter(row -> row.contains("/:key")).toList();
    assertThat(rows).hasSizeGreaterThan(10);
    for (String row : rows) {
      String[] parts = row.split(" ", -1);
      String encoded = RunningAdmin.encoded(KEY);
      HttpResponse<String> byKey = send(parts[0], parts[1].replace(":key", encoded));
      HttpResponse<String> byPath = send(parts[0], parts[1].replace("/:key", "") + "?path=" + KEY);
      assertThat(byKey.statusCode()).as("%s: %s", row, byKey.body()).isNotIn(404, 405, 500);
      assertThat(byPath.statusCode())
          .as("%s: %s", row, byPath.body())
          .isEqualTo(byKey.statusCode());
      assertThat(json(byPath).path("path").asText())
          .as(row)
          .isEqualTo(json(byKey).path("path").asText());
    }
  }
}
