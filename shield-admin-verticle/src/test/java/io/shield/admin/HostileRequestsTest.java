package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.json.ShieldJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is an error of the client's, in JSON, and tells nothing else. */
class HostileRequestsTest {
  private static final String DEEP = "[".repeat(20_000) + "]".repeat(20_000);
  private static final List<String> BODIES =
      List.of(
          "{",
          "null",
          "[]",
          "\"text\"",
          "17",
          "\u0000",
          "{\"reason\": 1}",
          "{\"reason\": \"a\", \"reason\": \"b\", \"password\": \"p\"}",
          "{\"reason\": \"x\"}{}",
          "{\"percentage\": NaN}",
          "{\"reason\": {\"a\": []}}",
          "{\"reason\": \"" + "x".repeat(5000) + "\"}",
          "{\"reason\": \"a\\u0000b\"}",
          "{\"reason\": \"\\ud800\"}",
          "{\"until\": \"soon\", \"percentage\": 101, \"envs\": [1], \"sunset_date\": 4}",
          "{\"until\": \"999999999d\"}",
          "{\"start\": \"x\", \"end\": []}",
          "{\"start\": \"2030-01-02T00:00:00Z\", \"end\": \"2030-01-01T00:00:00Z\"}",
          "{\"exempt_paths\": \"<script>alert(1)</script>\"}",
          "{\"successor_path\": \"/x>\\r\\nSet-Cookie: a=b\"}",
          "{\"app_id\": \"__shield:global__\", \"states\": [{\"path\": \"__shield:global__\"}]}",
          "{\"app_id\": \"a/b\", \"states\": [null]}",
          "{\"limit\": \"9999999999999999999/second\", \"path\": 1, \"method\": \"\\n\"}",
          "{\"limit\": {}, \"tiers\": [1], \"burst\": -1}",
          "{\"action\": \"rm\", \"keys\": [\"../../etc/passwd\"]}",
          "{\"action\": \"enable\", \"glob\": \"" + "*?".repeat(300) + "\"}",
          "{\"username\": \"" + "u".repeat(300) + "\", \"password\": \"p\"}",
          "{\"username\": [\"admin\"], \"password\": {\"$ne\": 1}}",
          "{\"id\": \"x\", \"timestamp\": \"x\", \"path\": \"\\r\\n\", \"action\": \"\"}",
          DEEP,
          "{\"reason\":" + DEEP + "}");

  private static final List<String> KEYS =
      List.of(
          "!!!",
          "%FF",
          "_____",
          "Li4vLi4vZXRj",
          "X19zaGllbGQ6Z2xvYmFsX18",
          "R0VUOi94DQo",
          "PHNjcmlwdD4",
          "gICA",
          "A",
          "%00",
          "..%2f..%2fetc");

  private static RunningAdmin admin;
  private static String token;

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    token = admin.token("admin");
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  private static void assertRefused(String what, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s: %s", what, answer.body()).isBetween(200, 499);
    assertThat(answer.body())
        .as(what)
        .doesNotContain("Exception", "\tat ", "io.shield", "jackson", "`");
    if (answer.statusCode() >= 400) {
      assertThat(answer.headers().firstValue("Content-Type")).as(what).contains("application/json");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(ShieldJson.parse(what, answer.body()).get("code").isTextual()).as(what).isTrue();
    }
  }

  @Test
  void everyBodyToEveryEndpoint() throws IOException {
    for (String row : EndpointRolesTest.table()) {
      String[] parts = row.split(" ", -1);
      if (parts[0].equals("GET") || parts[1].endsWith("/logout") || parts[1].endsWith("/login")) {
        continue;
      }
      String target = parts[1].replace(":key", "R0VUOi94").replace(":service", "s");
      for (String body : BODIES) {
        assertRefused(row + " " + body, admin.send(token, parts[0], target, body));
      }
    }
    assertThat(admin.engine.routes().list()).isEmpty();
  }

  @Test
  void everyBodyToTheSignIn() {
    for (String body : BODIES) {
      HttpResponse<String> answer = admin.send(null, "POST", "/api/auth/login", body);
      assertRefused(body, answer);
      int status = body.length() > 8 * 1024 ? 413 : 400;
      assertThat(answer.statusCode()).as("%.80s", body).isEqualTo(status);
    }
  }

  @Test
  void everyKeyToEveryEndpoint() throws IOException {
    for (String row : EndpointRolesTest.table()) {
      String[] parts = row.split(" ", -1);
      if (!parts[1].contains(":")) {
        continue;
      }
      for (String key : KEYS) {
        String target = parts[1].replace(":key", key).replace(":service", key).replace(":id", key);
        assertRefused(row + " " + key, admin.send(token, parts[0], target, "{}"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/routes?limit=0",
        "/api/routes?limit=1&limit=2",
        "/api/routes?path=GET:/a&path=GET:/b",
        "/api/routes?limit=-1",
        "/api/routes?limit=x",
        "/api/routes?offset=-1",
        "/api/routes?offset=99999999999",
        "/api/routes?status=%3Cscript%3E",
        "/api/routes?path=%0d%0aX:y",
        "/api/audit?since=yesterday",
        "/api/audit?limit=1e9",
        "/api/explain",
        "/api/explain?path=x",
        "/api/explain?path=/x&method=%0a",
        "/api/explain?path=/x&service=a%2fb",
        "/api/rate-limits/hits?limit=0",
        "/api/rate-limits/hits?route=x"
      })
  void badParametersAreNamed(String target) {
    HttpResponse<String> answer = admin.send(token, "GET", target, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertRefused(target, answer);
  }

  @Test
  void aFieldThatIsGivenTwiceIsRefused() {
    HttpResponse<String> answer =
        admin.send(token, "POST", "/api/global/disable", "{\"reason\": \"a\", \"reason\": \"b\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Duplicate field 'reason'");
  }

  @Test
  void aBodyMayHave64KiBAndNotMore() {
    String fits = "{\"x\":\"" + "x".repeat(64 * 1024 - 8) + "\"}";
    assertThat(fits).hasSize(64 * 1024);
    assertThat(admin.send(token, "POST", "/api/global/disable", fits).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = admin.send(token, "POST", "/api/global/disable", fits + " ");
    assertThat(answer.statusCode()).isEqualTo(413);
    assertRefused("too large", answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/../../etc/passwd HTTP/1.1",
        "GET //api//routes HTTP/1.1",
        "GET /api/%zz HTTP/1.1",
        "GET /api/routes/%0d%0aSet-Cookie:x HTTP/1.1",
        "TRACE /api/routes HTTP/1.1",
        "GET /api/routes\u0000 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "BREW /api/routes HTTP/1.1",
        "POST /api/auth/login HTTP/1.1\r\nContent-Type: multipart/form-data",
        "GET /api/routes HTTP/1.1\r\nAuthorization: Bearer",
        "GET /api/routes HTTP/1.1\r\nCookie: shield_session=\"x; y=\u0001"
      })
  void rawRequests(String line) throws IOException {
    String answer = raw(line);
    assertThat(answer).matches("(?s)HTTP/1.[01] 4\\d\\d .*");
    assertThat(answer).doesNotContain("Exception", "\tat ", "\nSet-Cookie: x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/%zz", "/api/routes?path=%zz", "/api/routes/R0VUOi94?x=%"})
  void whatCannotBeDecodedIsTheClientsMistake(String target) throws IOException {
    assertThat(raw("GET " + target + " HTTP/1.1\r\nX-Shield-Token: " + token))
        .startsWith("HTTP/1.1 400 ")
        .contains("nosniff", "{\"error\":\"", "\"code\":\"BAD_REQUEST\"");
  }

  private static String raw(String line) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getByName("localhost"), admin.verticle.actualPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      String request = line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
