package io.shield.cli;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code shield demo}, as a process that a person starts, uses and stops. */
class DemoTest {
  @TempDir static Path directory;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofMinutes(1)).build();

  private static final String PASSWORD = "a password for the demo";

  private static DemoProcess demo;
  private static String greeting;
  private static String token;

  @BeforeAll
  static void start() throws IOException {
    Map<String, String> environment = Map.of("SHIELD_ADMIN_PASSWORD", PASSWORD);
    demo = new DemoProcess(directory, environment, "demo", "--port", "0");
    greeting = demo.greeting();
    token = json(login(DemoProcess.port(greeting), PASSWORD)).getString("token");
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  private static HttpResponse<String> send(String method, String target) {
    return send(method, target, DemoProcess.port(greeting));
  }

  private static HttpResponse<String> send(String method, String target, int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + target))
            .timeout(Duration.ofMinutes(1))
            .method(method, noBody())
            .build();
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("no answer to " + method + " " + target, e);
    }
  }

  private static JsonObject json(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }

  private static JsonObject error(HttpResponse<String> response) {
    return json(response).getJsonObject("error");
  }

  private static HttpResponse<String> login(int port, String password) {
    JsonObject body = new JsonObject().put("username", "admin").put("password", password);
    return send(port, "POST", "/shield/api/auth/login", body, Map.of());
  }

  /** A request to the admin API with the token of the admin. */
  private static HttpResponse<String> admin(String method, String target, JsonObject body) {
    return send(
        DemoProcess.port(greeting),
        method,
        "/shield/api" + target,
        body,
        Map.of("X-Shield-Token", token));
  }

  private static HttpResponse<String> send(
      int port, String method, String target, JsonObject body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + target))
            .timeout(Duration.ofMinutes(1))
            .method(method, body == null ? noBody() : BodyPublishers.ofString(body.encode()));
    headers.forEach(request::header);
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("no answer to " + method + " " + target, e);
    }
  }

  private static HttpResponse<String> change(String route, String action, JsonObject body) {
    return admin("POST", "/routes/" + action + "?path=" + route, body);
  }

  private static HttpResponse<String> change(String route, String action) {
    return change(route, action, new JsonObject());
  }

  private static void assertHeader(HttpResponse<String> response, String name, String value) {
    assertThat(response.headers().allValues(name)).as(name).containsExactly(value);
  }

  /** Five of one address in a minute, whatever the address says of itself. */
  @Test
  void searchIsLimitedByAddress() {
    forgetSearches();
    for (int left = 4; left >= 0; left--) {
      HttpResponse<String> answer = search("198.51.100." + left);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertHeader(answer, "X-RateLimit-Limit", "5");
      assertHeader(answer, "X-RateLimit-Remaining", Integer.toString(left));
    }
    HttpResponse<String> refused = search("203.0.113.9");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(error(refused).getString("code")).isEqualTo("RATE_LIMIT_EXCEEDED");
    assertThat(error(refused).getString("limit")).isEqualTo("5/minute");
    assertThat(error(refused).getString("scope")).isEqualTo("route");
    assertThat(admin("GET", "/rate-limits/hits?route=/search", null).body())
        .contains("\"scope\":\"route\"");
    assertThat(error(refused).getString("path")).isEqualTo("/search");
    assertThat(error(refused).getInteger("retry_after_seconds")).isBetween(1, 60);
    assertHeader(
        refused, "Retry-After", error(refused).getInteger("retry_after_seconds").toString());
    assertHeader(refused, "X-RateLimit-Remaining", "0");
    forgetSearches();
  }

  /** Other tests search too. */
  private static void forgetSearches() {
    HttpResponse<String> reset = admin("DELETE", "/rate-limits/reset?path=GET:/search", null);
    assertThat(reset.statusCode()).as(reset.body()).isEqualTo(200);
  }

  private static HttpResponse<String> search(String spoofed) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + DemoProcess.port(greeting) + "/search"))
            .timeout(Duration.ofMinutes(1))
            .header("X-Forwarded-For", spoofed)
            .header("Forwarded", "for=" + spoofed)
            .header("X-Real-IP", spoofed)
            .build();
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("no answer to GET /search", e);
    }
  }

  @Test
  void itsGreetingHasOneFactALine() {
    String url = "http://localhost:" + DemoProcess.port(greeting);
    assertThat(greeting.lines())
        .containsExactly(
            "Shield demo (production) on " + url,
            "  dashboard  " + url + "/shield/dashboard",
            "  admin API  " + url + "/shield",
            "  user       as configured",
            "  password   as configured",
            "  try        curl -i " + url + "/payments",
            "  next       ./shield login admin --server-url " + url + "/shield");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /payments    | {\"result\": \"payment made\"}",
        "GET  | /orders/42   | {\"result\": \"order\", \"id\": \"42\"}",
        "GET  | /health      | {\"result\": \"healthy\"}",
        "GET  | /v1/items/ab | {\"result\": \"item\", \"id\": \"ab\"}",
        "GET  | /search?q=x  | {\"result\": \"search\"}"
      })
  void openRoutes(String method, String target, String body) {
    HttpResponse<String> response = send(method, target);
    assertThat(response.statusCode()).isEqualTo(200);
    assertHeader(response, "Content-Type", "application/json");
    assertThat(json(response)).isEqualTo(new JsonObject(body));
  }

  @Test
  void aRouteOfOtherEnvironments() {
    HttpResponse<String> response = send("GET", "/debug");
    assertThat(response.statusCode()).isEqualTo(403);
    assertHeader(response, "Cache-Control", "no-store");
    assertThat(error(response).getString("code")).isEqualTo("ENV_GATED");
    assertThat(error(response).getString("current_env")).isEqualTo("production");
    assertThat(error(response).getJsonArray("allowed_envs"))
        .isEqualTo(new JsonArray().add("dev").add("staging"));
  }

  @Test
  void aRouteUnderMaintenance() {
    HttpResponse<String> response = send("GET", "/reports");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    assertThat(error(response))
        .isEqualTo(
            new JsonObject()
                .put("code", "MAINTENANCE_MODE")
                .put("message", "This endpoint is temporarily unavailable")
                .put("reason", "Nightly rebuild")
                .put("path", "/reports"));
  }

  @Test
  void aDisabledRoute() {
    HttpResponse<String> response = send("GET", "/legacy");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(error(response).getString("code")).isEqualTo("ROUTE_DISABLED");
    assertThat(error(response).getString("reason")).isEqualTo("Use /payments");
  }

  @Test
  void aDeprecatedRoute() {
    HttpResponse<String> response = send("GET", "/old");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response)).isEqualTo(new JsonObject().put("result", "old"));
    assertThat(response.headers().firstValue("Deprecation").orElseThrow()).matches("@\\d{10}");
    assertHeader(response, "Sunset", "Sat, 01 Jan 2028 00:00:00 GMT");
    assertHeader(response, "Link", "</payments>; rel=\"successor-version\"");
  }

  @Test
  void whatIsNoRouteAndWhatIsNoMethod() {
    assertThat(send("GET", "/unknown").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "/payments").statusCode()).isEqualTo(405);
    assertThat(send("GET", "/shield/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void aChangedStateHoldsFromTheNextRequest() {
    assertThat(send("GET", "/payments").body()).isEqualTo("{\"result\":\"payments\"}");
    HttpResponse<String> changed =
        change("GET:/payments", "maintenance", new JsonObject().put("reason", "DB"));
    assertThat(changed.statusCode()).isEqualTo(200);
    assertHeader(changed, "Content-Type", "application/json");
    assertThat(json(changed).getString("path")).isEqualTo("GET:/payments");
    assertThat(json(changed).getString("status")).isEqualTo("maintenance");
    assertThat(json(changed).getString("reason")).isEqualTo("DB");
    HttpResponse<String> refused = send("GET", "/payments");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(error(refused).getString("reason")).isEqualTo("DB");
    assertThat(send("POST", "/payments").statusCode()).as("another method").isEqualTo(200);
    change("GET:/payments", "disable");
    assertThat(error(send("GET", "/payments")).getString("code")).isEqualTo("ROUTE_DISABLED");
    change("GET:/payments", "env", new JsonObject().put("envs", new JsonArray().add("dev")));
    assertThat(error(send("GET", "/payments")).getString("code")).isEqualTo("ENV_GATED");
    change("GET:/payments", "deprecate");
    HttpResponse<String> deprecated = send("GET", "/payments");
    assertThat(deprecated.statusCode()).isEqualTo(200);
    assertThat(deprecated.headers().firstValue("Deprecation")).isPresent();
    assertThat(json(change("GET:/payments", "enable")).getString("status")).isEqualTo("active");
    HttpResponse<String> open = send("GET", "/payments");
    assertThat(open.statusCode()).isEqualTo(200);
    assertThat(open.headers().firstValue("Deprecation")).isEmpty();
  }

  /** In the order of the README. */
  @Test
  void anOperatorSignsInChangesARouteAndSignsOut() {
    int port = DemoProcess.port(greeting);
    Map<String, String> own =
        Map.of("X-Shield-Token", json(login(port, PASSWORD)).getString("token"));
    String api = "/shield/api/";
    assertThat(send(port, "GET", api + "routes", null, own).body()).contains("GET:/orders/:id");
    String disable = api + "routes/disable?path=GET:/orders/:id";
    JsonObject why = new JsonObject().put("reason", "duplicate orders");
    HttpResponse<String> disabled = send(port, "POST", disable, why, own);
    assertThat(disabled.statusCode()).as(disabled.body()).isEqualTo(200);
    assertThat(send("GET", "/orders/1").statusCode()).isEqualTo(503);
    HttpResponse<String> log =
        send(port, "GET", api + "audit?route=GET:/orders/:id&limit=1", null, own);
    JsonObject entry = new JsonArray(log.body()).getJsonObject(0);
    assertThat(entry.getString("actor")).isEqualTo("admin");
    assertThat(entry.getString("action")).isEqualTo("disable");
    assertThat(entry.getString("reason")).isEqualTo("duplicate orders");
    String enable = api + "routes/enable?path=GET:/orders/:id";
    String tag = disabled.headers().firstValue("ETag").orElseThrow();
    String staleTag = tag.replaceFirst("\\.\\d+\"$", ".1\"");
    Map<String, String> stale = new HashMap<>(own);
    stale.put("If-Match", staleTag);
    HttpResponse<String> late = send(port, "POST", enable, null, stale);
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(json(late).getJsonObject("state").getString("status")).isEqualTo("disabled");
    stale.put("If-Match", tag);
    assertThat(send(port, "POST", enable, null, stale).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/orders/1").statusCode()).isEqualTo(200);
    assertThat(send(port, "POST", api + "auth/logout", null, own).statusCode()).isEqualTo(200);
    assertThat(send(port, "GET", api + "routes", null, own).statusCode()).isEqualTo(401);
  }

  @Test
  void nobodyGetsInWithoutThePassword() {
    assertThat(send("GET", "/shield/api/routes").statusCode()).isEqualTo(401);
    assertThat(login(DemoProcess.port(greeting), "admin").statusCode()).isEqualTo(401);
  }

  @Test
  void aTemplateAndABarePathNameARoute() {
    assertThat(change("GET:/v1/items/:id", "disable").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/v1/items/1").statusCode()).isEqualTo(503);
    assertThat(change("/v1/items/:id", "enable").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/v1/items/1").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disable                    | 400 | path",
        "disable?path=              | 400 | route",
        "disable?path=search        | 400 | 'search'",
        "bogus?path=GET:/search     | 405 | GET",
        "disable?path=GET:/nothing  | 404 | GET:/nothing",
        "disable?path=/payments     | 409 | POST:/payments",
        "disable?path=GET:/health   | 409 | force-active"
      })
  void aBadChangeIsRefused(String target, int status, String hint) {
    HttpResponse<String> response = admin("POST", "/routes/" + target, null);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertHeader(response, "Content-Type", "application/json");
    assertThat(json(response).getString("error")).contains(hint);
    assertThat(send("GET", "/health").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<b>\"quoted\"</b>", "two\nlines", "ä ☃"})
  void aReasonIsShownAsItWasGiven(String reason) {
    change("GET:/search", "disable", new JsonObject().put("reason", reason));
    assertThat(error(send("GET", "/search")).getString("reason")).isEqualTo(reason);
    change("GET:/search", "enable");
  }

  @Test
  void aReasonWithControlCharactersIsABadRequest() {
    HttpResponse<String> response =
        change("GET:/search", "disable", new JsonObject().put("reason", "a\0b"));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).getString("error")).contains("reason");
  }

  /** Ends one of its own: with the environment of a developer, and then with a signal. */
  @Test
  void inAnotherEnvironmentAndAtItsEnd() throws Exception {
    try (DemoProcess other =
        new DemoProcess(directory, Map.of("SHIELD_ENV", "staging"), "demo", "--port", "0")) {
      String line = other.greeting();
      int port = DemoProcess.port(line);
      assertThat(line).startsWith("Shield demo (staging) on ");
      String password =
          line.lines().filter(l -> l.startsWith("  password   ")).findFirst().orElseThrow();
      password = password.substring(password.lastIndexOf(' ') + 1);
      assertThat(login(port, password).statusCode())
          .as("with the password it tells")
          .isEqualTo(200);
      assertThat(json(send("GET", "/debug", port)))
          .isEqualTo(new JsonObject().put("result", "debug"));
      other.terminate();
      assertThat(other.exitCode()).as("asked to end, it has done what was asked").isZero();
      assertThat(other.remainingLines()).as("stdout has the greeting only").isEmpty();
      assertThat(other.stderr())
          .doesNotContain("ERROR", "WARN", "Exception")
          .endsWith("shield: ended" + System.lineSeparator());
      try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(again.isBound()).isTrue();
      }
    }
  }

  @Test
  void aWrongEnvironmentIsOneLineAndNothingIsLogged() throws Exception {
    try (DemoProcess wrong =
        new DemoProcess(directory, Map.of("SHIELD_COLD_START", "later"), "demo", "--port", "0")) {
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.remainingLines()).isEmpty();
      assertThat(wrong.stderr().lines()).hasSize(1);
      assertThat(wrong.stderr())
          .startsWith("shield: SHIELD_COLD_START: 'later' is not allowed")
          .contains("open, closed, wait");
    }
  }
}
