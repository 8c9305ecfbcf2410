package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.ShieldJson;
import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of changes for people's tools. */
class EventsTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private final HttpClient client = HttpClient.newHttpClient();
  private RunningAdmin admin;
  private String token;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/payments", "billing:GET:/bills");
    token = admin.token("viewer");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private HttpRequest request(String lastEventId) {
    HttpRequest.Builder request =
        admin.request("GET", "/api/events", null).header("X-Shield-Token", token);
    return (lastEventId == null ? request : request.header("Last-Event-ID", lastEventId)).build();
  }

  /** The lines of a stream, as they come. */
  private List<String> follow(String lastEventId) throws Exception {
    HttpResponse<Stream<String>> answer = client.send(request(lastEventId), BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    List<String> lines = new CopyOnWriteArrayList<>();
    Thread reader = new Thread(() -> read(answer.body(), lines), "stream");
    reader.setDaemon(true);
    reader.start();
    await().until(() -> lines.size() >= 3);
    return lines;
  }

  /** Until the server is stopped. */
  private static void read(Stream<String> stream, List<String> lines) {
    try {
      stream.forEach(lines::add);
    } catch (UncheckedIOException e) {
      lines.add(": ended");
    }
  }

  private static List<JsonNode> events(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("data: "))
        .map(line -> ShieldJson.parse("event", line.substring(6)))
        .toList();
  }

  private static JsonNode event(List<String> lines, int index) {
    await().until(() -> events(lines).size() > index);
    return events(lines).get(index);
  }

  @Test
  void tellsWhatChangesAndWhoChangedIt() throws Exception {
    List<String> lines = follow(null);
    JsonNode hello = event(lines, 0);
    assertThat(hello.path("type").asText()).isEqualTo("hello");
    assertThat(hello.path("resumed").asBoolean(true)).isFalse();
    RunningAdmin.await(admin.engine.routes().disable("GET:/payments", ALICE, "broken"));
    JsonNode state = event(lines, 1);
    assertThat(state.path("type").asText()).isEqualTo("state");
    assertThat(state.path("payload").path("path").asText()).isEqualTo("GET:/payments");
    assertThat(state.path("payload").path("status").asText()).isEqualTo("disabled");
    assertThat(state.path("audit").path("actor").asText()).isEqualTo("alice");
    assertThat(state.path("audit").path("reason").asText()).isEqualTo("broken");
    RunningAdmin.await(admin.engine.maintenance().enableGlobal(ALICE, "move"));
    JsonNode global = event(lines, 2);
    assertThat(global.path("payload").path("path").asText()).isEqualTo("__shield:global__");
    assertThat(global.path("payload").path("reason").asText()).contains("\"enabled\":true");
    assertThat(global.path("audit").path("action").asText()).isEqualTo("global_maintenance_on");
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/payments", "5/minute");
    RunningAdmin.await(admin.engine.rateLimits().set(policy, ALICE));
    RunningAdmin.await(admin.engine.rateLimits().delete(policy.key(), ALICE));
    assertThat(event(lines, 3).path("policy").path("limit").asText()).isEqualTo("5/minute");
    assertThat(event(lines, 4).path("action").asText()).isEqualTo("delete");
    assertThat(event(lines, 4).path("key").asText()).isEqualTo("GET:/payments");
    long revision = admin.engine.snapshot().head().revision();
    assertThat(lines).contains("id: " + admin.engine.snapshot().head().epoch() + ":" + revision);
  }

  @Test
  void saysWhetherAnythingWasMissed() throws Exception {
    List<String> lines = follow(null);
    assertThat(lines.get(0)).startsWith("retry: ");
    String seen = lines.get(1).substring("id: ".length());
    assertThat(event(follow(seen), 0).path("resumed").asBoolean()).isTrue();
    assertThat(event(follow("other:1"), 0).path("resumed").asBoolean(true)).isFalse();
    RunningAdmin.await(admin.engine.routes().disable("GET:/payments", ALICE, "broken"));
    List<String> missed = follow(seen);
    assertThat(event(missed, 0).path("resumed").asBoolean()).isTrue();
    assertThat(event(missed, 1).path("payload").path("status").asText()).isEqualTo("disabled");
  }

  /** Nobody reads, and more comes than connection and queue hold. */
  @Test
  void aClientThatDoesNotReadIsSentAway() throws Exception {
    HttpResponse<InputStream> answer = client.send(request(null), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    String reason = "\u20ac".repeat(450);
    for (int i = 0; i < 4_000; i++) {
      RunningAdmin.await(admin.engine.routes().disable("GET:/payments", ALICE, reason + i));
    }
    await().until(() -> isCut(answer.body()));
  }

  private static boolean isCut(InputStream body) {
    byte[] buffer = new byte[64 * 1024];
    try {
      while (body.read(buffer) >= 0) {
        // What was sent before is still to be read.
      }
      return true;
    } catch (IOException e) {
      return true;
    }
  }
}
