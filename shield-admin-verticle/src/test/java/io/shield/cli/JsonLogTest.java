package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log of the programs, in JSON for who asks for it. */
class JsonLogTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;

  private static void post(String url, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body)).build();
    assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private static List<JsonObject> lines(DemoProcess process) throws IOException {
    return process.stderr().lines().map(JsonObject::new).toList();
  }

  @Test
  void everyLineIsAnObjectWithRouteActorAndReason() throws Exception {
    Map<String, String> environment = Map.of("SHIELD_LOG_FORMAT", "json");
    try (DemoProcess server =
        new DemoProcess(directory, environment, "serve", "--port", "0", "--backend", "memory")) {
      JsonObject greeting = new JsonObject(server.firstLine());
      assertThat(greeting.getString("message")).startsWith("Shield Server on http://127.0.0.1:");
      String url = greeting.getString("dashboard").replace("/dashboard", "");
      post(url + "/api/global/enable", "{\"reason\": \"moving \\\"soon\\\"\"}");
      await()
          .untilAsserted(
              () ->
                  assertThat(lines(server))
                      .anySatisfy(
                          line -> {
                            assertThat(line.getString("logger")).isEqualTo("io.shield.audit");
                            assertThat(line.getString("level")).isEqualTo("INFO");
                            assertThat(line.getString("route")).isEqualTo("__global__");
                            assertThat(line.getString("actor")).isNotEmpty();
                            assertThat(line.getString("reason")).isEqualTo("moving \"soon\"");
                            assertThat(line.getInstant("timestamp")).isNotNull();
                            assertThat(line.getString("timestamp")).hasSize(24).endsWith("Z");
                          }));
      server.terminate();
      assertThat(server.exitCode()).isZero();
      assertThat(lines(server)).last().isEqualTo(new JsonObject().put("message", "shield: ended"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "yaml, , --log-format: 'yaml' is not allowed",
    ", xml, SHIELD_LOG_FORMAT: 'xml' is not allowed"
  })
  void anotherFormatIsRefused(String option, String variable, String message) throws Exception {
    Map<String, String> environment =
        variable == null ? Map.of() : Map.of("SHIELD_LOG_FORMAT", variable);
    String[] args =
        option == null
            ? new String[] {"demo", "--port", "0"}
            : new String[] {"demo", "--port", "0", "--log-format", option};
    try (DemoProcess demo = new DemoProcess(directory, environment, args)) {
      assertThat(demo.exitCode()).isEqualTo(2);
      assertThat(demo.stderr()).contains(message, "must be text or json");
    }
  }
}
