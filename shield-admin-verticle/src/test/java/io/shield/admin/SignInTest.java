package io.shield.admin;

import static io.shield.admin.RunningAdmin.KEY;
import static io.shield.admin.RunningAdmin.PASSWORD;
import static io.shield.admin.RunningAdmin.json;
import static io.shield.admin.RunningAdmin.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, in every way it can be said, and who is not. */
class SignInTest {
  private static final String ME = "/api/auth/me";

  @TempDir Path directory;

  private static int me(RunningAdmin admin, String token) {
    return admin.send(token, "GET", ME, null).statusCode();
  }

  @Test
  void withoutCredentialsThisMachineNeedsNoToken() {
    try (RunningAdmin admin = new RunningAdmin(new AdminOptions())) {
      assertThat(json(admin.send(null, "GET", ME, null)).get("role").textValue())
          .isEqualTo("admin");
      assertThat(admin.login("admin", "x").statusCode()).isEqualTo(400);
      assertThat(
              send(admin
                      .request("POST", "/api/global/disable", null)
                      .header("Origin", "http://evil.example"))
                  .statusCode())
          .isEqualTo(403);
      assertThat(
              send(admin.request("POST", "/api/global/disable", null).header("Origin", "null"))
                  .statusCode())
          .isEqualTo(403);
    }
  }

  /** Nothing shows that a request of a foreign page is meant: neither its method nor a header. */
  @Test
  void withoutCredentialsNoForeignPageIsAnswered() {
    try (RunningAdmin admin = new RunningAdmin(new AdminOptions())) {
      for (String method : new String[] {"GET", "POST"}) {
        String target = method.equals("GET") ? "/api/routes" : "/api/global/disable";
        assertThat(
                send(admin
                        .request(method, target, null)
                        .header("X-Shield-Token", "x")
                        .header("Origin", "http://evil.example"))
                    .statusCode())
            .as(method)
            .isEqualTo(403);
        assertThat(
                send(admin.request(method, target, null).header("Origin", admin.url("")))
                    .statusCode())
            .as("its own origin")
            .isEqualTo(200);
      }
    }
  }

  /** A proxy on this machine speaks for others. */
  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"})
  void withoutCredentialsNoProxyIsAnswered(String header) {
    try (RunningAdmin admin = new RunningAdmin(new AdminOptions())) {
      assertThat(send(admin.request("GET", ME, null).header(header, "127.0.0.1")).statusCode())
          .isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "example.com"})
  void withoutCredentialsNoOtherAddressIsListenedOn(String host) {
    assertThatThrownBy(() -> new RunningAdmin(new AdminOptions().setHost(host)).close())
        .hasMessageContaining("no credentials")
        .hasMessageContaining(host);
  }

  /** A foreign page's name may be made to mean this machine. */
  @ParameterizedTest
  @CsvSource({
    "localhost,200",
    "127.0.0.1,200",
    "[::1],200",
    "evil.example,403",
    "localhost.evil.example,403"
  })
  void withoutCredentialsOnlyTheNamesOfThisMachineAreServed(String host, int status)
      throws IOException {
    try (RunningAdmin admin = new RunningAdmin(new AdminOptions());
        Socket socket = new Socket("localhost", admin.verticle.actualPort())) {
      String request = "GET " + ME + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void accountsFromAFile() throws IOException {
    Path file = directory.resolve("accounts");
    Files.writeString(file, "# people\n\nalice:" + RunningAdmin.HASH + ":viewer\n");
    AdminOptions options = new AdminOptions().setCredentialsFile(file.toString());
    try (RunningAdmin admin = new RunningAdmin(options)) {
      String token = admin.token("alice");
      assertThat(json(admin.send(token, "GET", ME, null)).get("role").textValue())
          .isEqualTo("viewer");
      assertThat(admin.login("alice", "wrong").statusCode()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice",
        "alice:hash:viewer",
        "alice:$pbkdf2$it=209999$c2FsdHNhbHRzYWx0c2FsdA$x:viewer",
        "alice:{SHA}fEqNCco3Yq9h5ZUglD3CZJT4lBs=:admin"
      })
  void aBadFileIsRefusedWithItsLine(String line) throws IOException {
    Path file = directory.resolve("accounts");
    Files.writeString(file, "\n" + line + "\n");
    AdminOptions options = new AdminOptions().setCredentialsFile(file.toString());
    assertThatThrownBy(() -> new RunningAdmin(options).close())
        .hasRootCauseInstanceOf(ShieldException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void cheapHashesAreRefused() {
    String cheap = RunningAdmin.HASH.replace("it=210000", "it=209999");
    assertThatThrownBy(() -> new Account("alice", cheap, Role.ADMIN))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("209999")
        .hasMessageContaining("210000");
  }

  @Test
  void anAuthenticationProvider() {
    AdminOptions options =
        new AdminOptions()
            .setAuthenticationProvider(
                credentials -> {
                  var given = (UsernamePasswordCredentials) credentials;
                  if (given.getUsername().equals("trouble")) {
                    throw new IllegalStateException("broken");
                  }
                  return given.getPassword().equals("secret")
                      ? Future.succeededFuture(User.fromName(given.getUsername()))
                      : Future.failedFuture("no");
                },
                user -> user.subject().equals("nobody") ? null : Role.OPERATOR);
    try (RunningAdmin admin = new RunningAdmin(options)) {
      HttpResponse<String> answer = admin.login("olga", "secret");
      assertThat(json(answer).get("role").textValue()).isEqualTo("operator");
      assertThat(me(admin, json(answer).get("token").textValue())).isEqualTo(200);
      assertThat(admin.login("olga", "wrong").statusCode()).isEqualTo(401);
      assertThat(admin.login("nobody", "secret").statusCode()).isEqualTo(401);
      assertThat(admin.login("trouble", "secret").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void whoFailsTooOftenHasToWait() {
    MutableClock clock = MutableClock.create();
    try (RunningAdmin admin =
        new RunningAdmin(RunningAdmin.accounts(), MemoryBackend.create(), clock)) {
      for (int i = 0; i < 5; i++) {
        assertThat(admin.login("admin", "wrong").statusCode()).isEqualTo(401);
      }
      HttpResponse<String> waits = admin.login("admin", PASSWORD);
      assertThat(waits.statusCode()).isEqualTo(429);
      assertThat(Long.parseLong(waits.headers().firstValue("Retry-After").orElseThrow()))
          .isPositive();
      assertThat(admin.login("viewer", PASSWORD).statusCode()).as("another account").isEqualTo(200);
      clock.advance(Duration.ofSeconds(2));
      assertThat(admin.login("admin", PASSWORD).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anUnknownUserIsToldNothingElse() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      HttpResponse<String> unknown = admin.login("nobody", PASSWORD);
      HttpResponse<String> wrong = admin.login("admin", "wrong");
      assertThat(unknown.statusCode()).isEqualTo(401);
      assertThat(unknown.body()).isEqualTo(wrong.body());
    }
  }

  @Test
  void aShortSecretKeyIsRefusedAndNotShown() {
    assertThatThrownBy(() -> new AdminOptions().setSecretKey("thirty-one-bytes-are-not-enough"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("at least 32 bytes")
        .hasMessageNotContaining("thirty-one");
    assertThat(new AdminOptions().setSecretKey(KEY).getSecretKey()).isEqualTo(KEY);
  }

  @Test
  void theCookieOfTheDashboardIsForThisSiteOnly() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      String body =
          "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\",\"platform\":\"dashboard\"}";
      HttpResponse<String> answer = admin.send(null, "POST", "/api/auth/login", body);
      String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(cookie)
          .containsIgnoringCase("; HttpOnly")
          .contains("SameSite=Strict", "Path=/")
          .doesNotContain("Secure");
      String pair = cookie.substring(0, cookie.indexOf(';'));
      assertThat(send(admin.request("GET", ME, null).header("Cookie", pair)).statusCode())
          .isEqualTo(200);
      String change = "/api/global/disable";
      assertThat(send(admin.request("POST", change, null).header("Cookie", pair)).statusCode())
          .as("without Origin")
          .isEqualTo(403);
      for (String origin : new String[] {"http://evil.example", "null", "https://localhost"}) {
        assertThat(
                send(admin
                        .request("POST", change, null)
                        .header("Cookie", pair)
                        .header("Origin", origin))
                    .statusCode())
            .as(origin)
            .isEqualTo(403);
      }
      assertThat(
              send(admin
                      .request("POST", change, null)
                      .header("Cookie", pair)
                      .header("Origin", admin.url("")))
                  .statusCode())
          .as("its own origin")
          .isEqualTo(200);
    }
  }
}
