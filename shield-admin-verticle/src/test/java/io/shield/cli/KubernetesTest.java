package io.shield.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.shield.backend.redis.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The manifests for Kubernetes, run as processes: two servers with the container's arguments and
 * variables, and the job that brings the document into force, on one Redis.
 */
class KubernetesTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofMinutes(1)).build();

  @TempDir Path directory;

  /** What a manifest says of a kind of thing. */
  private static JsonNode manifest(String file, String kind) throws IOException {
    Path path = Path.of("..", "deploy", "kubernetes", file);
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(path.toFile())) {
      while (documents.hasNext()) {
        JsonNode next = documents.next();
        if (next.path("kind").textValue().equals(kind)) {
          return next;
        }
      }
    }
    throw new AssertionError("no " + kind + " in " + file);
  }

  private static JsonNode container(String file, String kind) throws IOException {
    return manifest(file, kind).at("/spec/template/spec/containers/0");
  }

  private static List<String> arguments(JsonNode container) {
    List<String> arguments = new ArrayList<>();
    container.path("args").forEach(each -> arguments.add(each.textValue()));
    return arguments;
  }

  private Map<String, String> variables(RedisProcess redis) throws IOException {
    Map<String, String> variables = new HashMap<>();
    manifest("shield.yaml", "ConfigMap")
        .path("data")
        .properties()
        .forEach(each -> variables.put(each.getKey(), each.getValue().textValue()));
    JsonNode service = manifest("redis.yaml", "Service");
    assertThat(variables.get("SHIELD_REDIS_URL"))
        .isEqualTo(
            "redis://%s:%d/0",
            service.at("/metadata/name").textValue(), service.at("/spec/ports/0/port").intValue());
    variables.put("SHIELD_REDIS_URL", redis.url());
    Map<String, String> secrets =
        Map.of("password", "a password of many letters", "secret-key", "k".repeat(32));
    for (JsonNode each : container("shield.yaml", "Deployment").path("env")) {
      String key = each.at("/valueFrom/secretKeyRef/key").textValue();
      variables.put(each.path("name").textValue(), secrets.get(key));
    }
    return variables;
  }

  @Test
  void twoServersOnOneRedisAndTheirSeed() throws Exception {
    JsonNode container = container("shield.yaml", "Deployment");
    String[] serve =
        arguments(container).stream()
            .map(word -> word.equals("9000") ? "0" : word)
            .toArray(String[]::new);
    try (RedisProcess redis = RedisProcess.start(directory)) {
      Map<String, String> variables = variables(redis);
      try (DemoProcess one = start("one", variables, serve);
          DemoProcess other = start("other", variables, serve);
          DemoProcess seed = start("seed", variables, seed())) {
        int port = DemoProcess.port(one.greeting());
        int otherPort = DemoProcess.port(other.greeting());
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
          String path = container.path(probe).at("/httpGet/path").textValue();
          await().until(() -> get(port, path, "").statusCode() == 200);
        }
        assertThat(seed.exitCode()).as(seed.stderr()).isZero();
        String token = token(port, variables);
        await()
            .untilAsserted(
                () ->
                    assertThat(get(otherPort, "/api/routes?service=payments", token).body())
                        .contains("payments:GET:/refunds", "Not open yet", "maintenance"));
        other.terminate();
        assertThat(other.exitCode()).isZero();
      }
    }
  }

  /** Each has a disk of its own. */
  private DemoProcess start(String name, Map<String, String> variables, String... args)
      throws IOException {
    Map<String, String> own = new HashMap<>(variables);
    own.put("SHIELD_CACHE_DIR", directory.resolve(name).toString());
    return new DemoProcess(directory, own, args);
  }

  private String[] seed() throws IOException {
    Path document = directory.resolve("shield.yaml");
    JsonNode text = manifest("seed.yaml", "ConfigMap").at("/data/shield.yaml");
    Files.writeString(document, text.textValue(), UTF_8);
    return arguments(container("seed.yaml", "Job")).stream()
        .map(word -> word.equals("/seed/shield.yaml") ? document.toString() : word)
        .toArray(String[]::new);
  }

  private static HttpResponse<String> get(int port, String target, String token) throws Exception {
    URI uri = URI.create("http://localhost:" + port + target);
    return CLIENT.send(
        HttpRequest.newBuilder(uri).header("X-Shield-Token", token).build(),
        BodyHandlers.ofString());
  }

  private static String token(int port, Map<String, String> variables) throws Exception {
    String body =
        "{\"username\": \"admin\", \"password\": \"%s\"}"
            .formatted(variables.get("SHIELD_ADMIN_PASSWORD"));
    HttpRequest login =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/auth/login"))
            .POST(BodyPublishers.ofString(body))
            .build();
    String answer = CLIENT.send(login, BodyHandlers.ofString()).body();
    return YAML.readTree(answer).path("token").textValue();
  }
}
