package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.admin.document.DocumentText;
import io.shield.fixtures.Seeds;
import io.shield.json.ShieldJson;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API does what its description says, whatever is sent. */
class OpenApiTest {
  private static final int AT_ONCE = 32;

  /** Endless, or it would end the token that the others use. */
  private static final Set<String> LEFT_OUT =
      Set.of("GET /api/events", "GET /api/sdk/events", "POST /api/auth/logout");

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static RunningAdmin admin;
  private static String token;
  private static JsonNode document;

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/a", "POST:/a", "/b", "shop:GET:/c");
    token = admin.token("admin");
    document = RunningAdmin.json(admin.send(null, "GET", "/api/openapi.json", null));
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  /**
   * An operation.
   *
   * @param method the HTTP method
   * @param path its template
   */
  private record Operation(String method, String path, JsonNode json) {
    String name() {
      return method + " " + path;
    }
  }

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        each ->
                            all.add(
                                new Operation(
                                    each.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    each.getValue()))));
    return all;
  }

  @Test
  void isWhatGeneratorsTake() {
    assertThat(document.path("openapi").textValue()).startsWith("3.1");
    assertThat(document.at("/info/license/identifier").textValue()).isEqualTo("Apache-2.0");
    assertThat(document.at("/info/license/name").textValue()).isEqualTo("Apache-2.0");
    assertThat(document.at("/servers/0/url").textValue()).isEqualTo(admin.url(""));
    assertThat(document.findValues("enum")).isEmpty();
    Set<String> ids = new HashSet<>();
    for (Operation operation : operations()) {
      assertThat(ids.add(operation.json.path("operationId").asText()))
          .as(operation.name())
          .isTrue();
    }
    // In Java a class of that name would stand in the way of the platform's.
    document
        .at("/components/schemas")
        .fieldNames()
        .forEachRemaining(
            name ->
                assertThat(OpenApiTest.class.getResource("/java/lang/" + name + ".class"))
                    .as(name)
                    .isNull());
    // Further fields may come either way; where it is said, Java's client makes maps of what it
    // reads.
    for (JsonNode schema : document.at("/components/schemas")) {
      assertThat(schema.has("properties") && schema.has("additionalProperties"))
          .as("%s", schema)
          .isFalse();
    }
    for (JsonNode reference : document.findValues("$ref")) {
      String name = reference.textValue().replace("#/components/schemas/", "");
      assertThat(document.path("components").path("schemas").has(name)).as(name).isTrue();
    }
  }

  @Test
  void isTheSameInYaml() {
    String yaml = admin.send(null, "GET", "/api/openapi.yaml", null).body();
    assertThat(DocumentText.parse("yaml", yaml)).isEqualTo(document);
  }

  @Test
  void noAnswerIsOutsideTheDocument() throws Exception {
    int count = Integer.getInteger("shield.openapi.requests", 5_000);
    Random random = Seeds.random("requests");
    List<Operation> all =
        operations().stream().filter(each -> !LEFT_OUT.contains(each.name())).toList();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    Map<String, String> wrong = new ConcurrentSkipListMap<>();
    for (int sent = 0; sent < count; sent += AT_ONCE) {
      List<CompletableFuture<Void>> answers = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        Operation operation = all.get((sent + i) % all.size());
        answers.add(send(operation, random, seen, wrong));
      }
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
    }
    assertThat(wrong.values()).as("answers outside the document").isEmpty();
    assertThat(seen).as("all kinds of answers").contains(200, 201, 400, 401, 404, 409);
  }

  private static CompletableFuture<Void> send(
      Operation operation, Random random, Set<Integer> seen, Map<String, String> wrong) {
    String target = target(operation, random);
    String body = body(operation, random);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(admin.url(target)))
            .timeout(Duration.ofSeconds(60))
            .method(
                operation.method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (random.nextInt(20) > 0) {
      request.header("X-Shield-Token", token);
    }
    String what = operation.method + " " + target + " " + body;
    return CLIENT
        .sendAsync(request.build(), BodyHandlers.ofString())
        // A kept connection may end while a request is on its way; Java's client repeats by itself
        // only what changes nothing.
        .exceptionallyCompose(ended -> CLIENT.sendAsync(request.build(), BodyHandlers.ofString()))
        .thenAccept(
            answer -> {
              seen.add(answer.statusCode());
              String problem = check(operation, answer);
              if (problem != null) {
                String asked = what.length() > 400 ? what.substring(0, 400) : what;
                String said = asked + " -> " + answer.statusCode() + " " + answer.body();
                wrong.put(operation.name() + " " + problem, problem + ": " + said);
              }
            });
  }

  private static String target(Operation operation, Random random) {
    String path = operation.path;
    List<String> query = new ArrayList<>();
    for (JsonNode parameter : operation.json.path("parameters")) {
      String name = parameter.path("name").asText();
      if (parameter.path("in").asText().equals("path")) {
        String any = text(name, random);
        String value = any.isEmpty() ? "x" : any; // An empty part is another path.
        String written = name.equals("key") ? RunningAdmin.encoded(value) : value;
        path = path.replace("{" + name + "}", encoded(written));
      } else if (parameter.path("required").asBoolean()
          ? random.nextInt(20) > 0
          : random.nextInt(4) == 0) {
        query.add(name + "=" + encoded(text(name, random)));
      }
    }
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Mostly what is allowed under a name, sometimes anything. */
  private static String text(String name, Random random) {
    List<String> odd =
        List.of(
            "",
            " ",
            "x",
            "-1",
            "99999999999999999999",
            "\u0000",
            "\ud83d\ude00",
            "../..",
            "%",
            "a".repeat(5000));
    if (random.nextInt(8) == 0) {
      return odd.get(random.nextInt(odd.size()));
    }
    List<String> good =
        switch (name) {
          case "key", "path", "route" ->
              List.of("GET:/a", "/a", "/b", "POST:/a", "shop:GET:/c", "GET:/unknown");
          case "service", "app_id" -> List.of("shop", "other");
          case "name" -> List.of("ops", "ci");
          case "url" -> List.of("https://127.0.0.1:1/", "http://localhost:1/x");
          case "format" -> List.of("default", "slack", "json", "yaml");
          case "limit" -> List.of("5/minute", "7", "unlimited");
          case "offset", "revision" -> List.of("0", "3");
          case "method" -> List.of("GET", "POST", "ALL");
          case "action" -> List.of("enable", "disable", "canary", "unschedule");
          case "status" -> List.of("active", "disabled", "maintenance");
          case "start" -> List.of("2090-01-01T00:00:00Z", "1h");
          case "end", "until", "sunset_date" -> List.of("2090-01-02T00:00:00Z", "2h");
          case "for", "since", "expires_in" -> List.of("1h", "30m");
          case "section" -> List.of("routes", "rate_limits,maintenance");
          case "force", "dry_run", "prune" -> List.of("true", "false");
          case "role" -> List.of("sdk", "viewer");
          case "platform" -> List.of("cli", "sdk");
          case "username", "password" -> List.of("admin", RunningAdmin.PASSWORD);
          case "algorithm" -> List.of("fixed_window", "token_bucket");
          case "key_strategy" -> List.of("ip", "user");
          default -> List.of("text", "GET:/a");
        };
    return good.get(random.nextInt(good.size()));
  }

  private static String body(Operation operation, Random random) {
    JsonNode schema = operation.json.at("/requestBody/content/application~1json/schema");
    if (schema.isMissingNode()) {
      return random.nextInt(10) == 0 ? "{}" : null;
    }
    int kind = random.nextInt(20);
    if (kind == 0) {
      return List.of("", "{", "[]", "null", "\"x\"", "{\"a\":1,\"a\":2}", "\u0000", "a: b")
          .get(random.nextInt(8));
    }
    return value("", schema, random, 0);
  }

  /** JSON that a schema allows, but for a few values of another type. */
  private static String value(String name, JsonNode schema, Random random, int depth) {
    JsonNode resolved = resolved(schema);
    if (random.nextInt(25) == 0) {
      return List.of("null", "1", "-1", "1e99", "true", "\"x\"", "[]", "{}", "[null]")
          .get(random.nextInt(9));
    }
    JsonNode type = resolved.path("type");
    String one = type.isArray() ? type.get(0).asText() : type.asText();
    return switch (one) {
      case "string" ->
          ShieldJson.text(com.fasterxml.jackson.databind.node.TextNode.valueOf(text(name, random)));
      case "integer" ->
          String.valueOf(random.nextInt(4) == 0 ? random.nextInt() : 1 + random.nextInt(5));
      case "boolean" -> String.valueOf(random.nextBoolean());
      case "array" ->
          "["
              + (random.nextBoolean() || depth > 3
                  ? ""
                  : value(
                      name.equals("keys") ? "key" : name,
                      resolved.path("items"),
                      random,
                      depth + 1))
              + "]";
      default -> object(resolved, random, depth);
    };
  }

  private static String object(JsonNode schema, Random random, int depth) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    List<String> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      boolean wanted =
          required.contains(property.getKey()) ? random.nextInt(20) > 0 : random.nextInt(3) == 0;
      if (wanted && depth < 4) {
        fields.add(
            "\""
                + property.getKey()
                + "\":"
                + value(property.getKey(), property.getValue(), random, depth + 1));
      }
    }
    return "{" + String.join(",", fields) + "}";
  }

  private static JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty() ? schema : document.at(reference.substring(1));
  }

  /** What is wrong with an answer, or null. */
  private static String check(Operation operation, HttpResponse<String> answer) {
    int status = answer.statusCode();
    String type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
    if (status == 405 || (status == 404 && type.equals("text/plain"))) {
      // Another path than the operation's: a part of it was empty or had a slash.
      return null;
    }
    JsonNode response = operation.json.path("responses").path(String.valueOf(status));
    JsonNode schema = response.path("content").path(type).path("schema");
    if (!response.isMissingNode() && !response.has("content")) {
      return null;
    }
    if (status == 500 || schema.isMissingNode()) {
      return "no answer " + status + " " + type;
    }
    return type.equals("application/json")
        ? problem(schema, ShieldJson.parse("answer", answer.body()), "")
        : null;
  }

  /** What a value has that its schema does not allow, or null. */
  private static String problem(JsonNode schema, JsonNode value, String at) {
    JsonNode resolved = resolved(schema);
    if (resolved.has("oneOf")) {
      return value.isNull() ? null : problem(resolved.path("oneOf").get(0), value, at);
    }
    if (resolved.has("type") && !isOfType(resolved.path("type"), value)) {
      return at + ": " + value + " is no " + resolved.path("type");
    }
    for (JsonNode name : resolved.path("required")) {
      if (!value.has(name.asText())) {
        return at + ": " + name + " is missing";
      }
    }
    for (Map.Entry<String, JsonNode> property : resolved.path("properties").properties()) {
      JsonNode part = value.get(property.getKey());
      String wrong =
          part == null ? null : problem(property.getValue(), part, at + "/" + property.getKey());
      if (wrong != null) {
        return wrong;
      }
    }
    for (JsonNode item : value.isArray() && resolved.has("items") ? value : List.<JsonNode>of()) {
      String wrong = problem(resolved.path("items"), item, at + "/*");
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  private static boolean isOfType(JsonNode types, JsonNode value) {
    if (types.isArray()) {
      for (JsonNode type : types) {
        if (isOfType(type, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (types.asText()) {
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      case "null" -> value.isNull();
      default -> true;
    };
  }
}
