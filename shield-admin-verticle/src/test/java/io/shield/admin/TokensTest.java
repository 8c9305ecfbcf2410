package io.shield.admin;

import static io.shield.admin.RunningAdmin.HASH;
import static io.shield.admin.RunningAdmin.KEY;
import static io.shield.admin.RunningAdmin.PASSWORD;
import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static io.shield.admin.RunningAdmin.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How long a token lives, and what ends it. */
class TokensTest {
  private static final String ME = "/api/auth/me";
  private static final String OTHER_KEY = "another key that has 32 bytes too";

  private final MemoryBackend store = MemoryBackend.create();

  private RunningAdmin admin(AdminOptions options) {
    return new RunningAdmin(options, store, InstantSource.system());
  }

  private static AdminOptions alice(Role role) {
    return new AdminOptions().setSecretKey(KEY).addAccount(new Account("alice", HASH, role));
  }

  private static int me(RunningAdmin admin, String token) {
    return admin.send(token, "GET", ME, null).statusCode();
  }

  @Test
  void aPersonsEndsAfterADayAndAServicesAfterAYear() {
    MutableClock clock = MutableClock.create();
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts(), store, clock)) {
      String person = admin.token("admin");
      String service = sdkToken(admin, "payments");
      clock.advance(Duration.ofHours(24).minusSeconds(1));
      assertThat(me(admin, person)).isEqualTo(200);
      clock.advance(Duration.ofSeconds(11));
      assertThat(me(admin, person)).isEqualTo(401);
      clock.advance(Duration.ofDays(363));
      assertThat(me(admin, service)).isEqualTo(200);
      clock.advance(Duration.ofDays(2));
      assertThat(me(admin, service)).isEqualTo(401);
    }
  }

  private static String sdkToken(RunningAdmin admin, String service) {
    String body = "{\"username\":\"sdk\",\"password\":\"" + PASSWORD + "\",\"platform\":\"sdk\"}";
    HttpRequest.Builder request = admin.request("POST", "/api/auth/login", body);
    if (service != null) {
      request.header("X-Shield-App-Id", service);
    }
    return json(send(request)).get("token").textValue();
  }

  @Test
  void aRevokedOneIsRefusedByEveryNodeAndAfterARestart() {
    String token;
    try (RunningAdmin first = admin(RunningAdmin.accounts());
        RunningAdmin second = admin(RunningAdmin.accounts())) {
      token = first.token("admin");
      assertThat(me(second, token)).isEqualTo(200);
      assertThat(first.send(token, "POST", "/api/auth/logout", null).statusCode()).isEqualTo(200);
      assertThat(me(first, token)).isEqualTo(401);
      Awaitility.await().until(() -> me(second, token) == 401);
    }
    try (RunningAdmin again = admin(RunningAdmin.accounts())) {
      assertThat(me(again, token)).isEqualTo(401);
      assertThat(me(again, again.token("admin"))).isEqualTo(200);
    }
  }

  @Test
  void aRevocationIsForgottenOnceItsTokenHasExpired() {
    MutableClock clock = MutableClock.create();
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts(), store, clock)) {
      logOut(admin);
      assertThat(revocations(admin)).isEqualTo(1);
      clock.advance(Duration.ofHours(25));
      logOut(admin);
      assertThat(revocations(admin)).isEqualTo(1);
    }
  }

  /** How long a token lives is decided when it is issued, maybe by a node with other options. */
  @Test
  void aRevocationOutlivesTheTokenWhateverTokensLiveNow() {
    MutableClock clock = MutableClock.create();
    String token;
    String id;
    try (RunningAdmin before = new RunningAdmin(RunningAdmin.accounts(), store, clock)) {
      token = sdkToken(before, "payments");
      id = json(before.send(token, "GET", ME, null)).get("token_id").textValue();
    }
    AdminOptions shorter =
        RunningAdmin.accounts()
            .setTokenLifetime(Duration.ofHours(1))
            .setSdkTokenLifetime(Duration.ofHours(2));
    try (RunningAdmin after = new RunningAdmin(shorter, store, clock)) {
      assertThat(me(after, token)).isEqualTo(200);
      String admin = after.token("admin");
      assertThat(after.send(admin, "DELETE", "/api/tokens/" + id, null).statusCode())
          .isEqualTo(200);
      assertThat(me(after, token)).isEqualTo(401);
      clock.advance(Duration.ofDays(1));
      logOut(after);
      assertThat(me(after, token)).isEqualTo(401);
    }
  }

  private static void logOut(RunningAdmin admin) {
    admin.send(admin.token("admin"), "POST", "/api/auth/logout", null);
  }

  private static long revocations(RunningAdmin admin) {
    return admin.engine.snapshot().documents().keySet().stream()
        .filter(name -> name.startsWith("token-revoked:"))
        .count();
  }

  @Test
  void changedCredentialsEndIt() {
    String token;
    try (RunningAdmin admin = admin(alice(Role.ADMIN))) {
      token = admin.token("alice");
    }
    try (RunningAdmin same = admin(alice(Role.ADMIN))) {
      assertThat(me(same, token)).isEqualTo(200);
    }
    try (RunningAdmin otherRole = admin(alice(Role.VIEWER))) {
      assertThat(me(otherRole, token)).isEqualTo(401);
    }
    AdminOptions otherPassword =
        new AdminOptions().setSecretKey(KEY).addUser("alice", "a new one", Role.ADMIN);
    try (RunningAdmin changed = admin(otherPassword)) {
      assertThat(me(changed, token)).isEqualTo(401);
    }
  }

  @Test
  void aReplacedKeyIsValidForAsLongAsItIsKept() {
    String token;
    try (RunningAdmin admin = admin(alice(Role.ADMIN))) {
      token = admin.token("alice");
    }
    AdminOptions both = alice(Role.ADMIN).setSecretKey(OTHER_KEY).setPreviousSecretKey(KEY);
    try (RunningAdmin overlap = admin(both)) {
      assertThat(me(overlap, token)).as("with the old key").isEqualTo(200);
    }
    try (RunningAdmin without = admin(alice(Role.ADMIN).setSecretKey(OTHER_KEY))) {
      assertThat(me(without, token)).isEqualTo(401);
      assertThat(me(without, without.token("alice"))).isEqualTo(200);
    }
  }

  @Test
  void oneForAProgramCanBeListedAndRevoked() {
    try (RunningAdmin admin = admin(RunningAdmin.accounts())) {
      String mine = admin.token("admin");
      String body = "{\"service\":\"payments\",\"expires_in\":\"30d\",\"description\":\"CI\"}";
      HttpResponse<String> answer = admin.send(mine, "POST", "/api/tokens", body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      String token = json(answer).get("token").textValue();
      assertThat(json(admin.send(token, "GET", ME, null)).get("service").textValue())
          .isEqualTo("payments");
      JsonNode listed = json(admin.send(mine, "GET", "/api/tokens", null));
      assertThat(listed).hasSize(1);
      assertThat(listed.get(0).get("description").textValue()).isEqualTo("CI");
      assertThat(listed.get(0).has("token")).isFalse();
      String id = listed.get(0).get("id").textValue();
      assertThat(admin.send(mine, "DELETE", "/api/tokens/" + id, null).statusCode()).isEqualTo(200);
      assertThat(me(admin, token)).isEqualTo(401);
      assertThat(json(admin.send(mine, "GET", "/api/tokens", null))).isEmpty();
    }
  }

  /** A pipeline has no password, and what it does can be told from what people do. */
  @Test
  void aProgramMayHaveOneWithANameForAYear() {
    MutableClock clock = MutableClock.create();
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts(), store, clock)) {
      admin.register("GET:/pay");
      String mine = admin.token("admin");
      String token = issued(admin, mine, "operator", "ci-deploy", "365d", 201);
      String viewer = issued(admin, mine, "viewer", "wall", "365d", 201);
      issued(admin, mine, "admin", "root", "2d", 400);
      issued(admin, mine, "operator", "root (token)", "2d", 400);
      clock.advance(Duration.ofDays(364));
      String target = "/api/routes/disable?path=GET:/pay";
      assertThat(admin.send(token, "POST", target, "{}").statusCode()).isEqualTo(200);
      assertThat(await(admin.engine.audit().newest(1)).get(0).actor())
          .isEqualTo("ci-deploy (token)");
      HttpResponse<String> refused = admin.send(viewer, "POST", target, "{}");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(json(refused).path("error").asText())
          .isEqualTo("the role viewer may not do this, it takes the role operator or admin");
      assertThat(json(admin.send(token, "GET", ME, null)).path("name").asText())
          .isEqualTo("ci-deploy");
    }
  }

  private static String issued(
      RunningAdmin admin, String token, String role, String name, String lifetime, int status) {
    String body =
        "{\"role\": \"%s\", \"name\": \"%s\", \"expires_in\": \"%s\"}"
            .formatted(role, name, lifetime);
    HttpResponse<String> answer = admin.send(token, "POST", "/api/tokens", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return json(answer).path("token").asText();
  }

  @Test
  void whatSomebodyMadeOutlivesSigningOutAndEndsWithTheAccount() {
    AdminOptions both = alice(Role.ADMIN).addAccount(new Account("bob", HASH, Role.ADMIN));
    String made;
    try (RunningAdmin admin = admin(both)) {
      String mine = admin.token("alice");
      String body = "{\"role\":\"viewer\"}";
      made = json(admin.send(mine, "POST", "/api/tokens", body)).get("token").textValue();
      assertThat(admin.send(mine, "POST", "/api/auth/logout", null).statusCode()).isEqualTo(200);
      assertThat(me(admin, mine)).isEqualTo(401);
      assertThat(me(admin, made)).as("after signing out").isEqualTo(200);
      assertMadeByAlice(admin, true);
    }
    AdminOptions without = new AdminOptions().setSecretKey(KEY);
    try (RunningAdmin admin = admin(without.addAccount(new Account("bob", HASH, Role.ADMIN)))) {
      assertThat(me(admin, made)).as("without the account").isEqualTo(401);
      assertMadeByAlice(admin, false);
    }
  }

  private static void assertMadeByAlice(RunningAdmin admin, boolean valid) {
    JsonNode listed = json(admin.send(admin.token("bob"), "GET", "/api/tokens", null));
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).get("made_by").textValue()).isEqualTo("alice");
    assertThat(listed.get(0).get("valid").booleanValue()).isEqualTo(valid);
    assertThat(listed.get(0).has("credential")).isFalse();
  }

  @Test
  void itsDescriptionIsOneLineThatIsSeen() {
    try (RunningAdmin admin = admin(RunningAdmin.accounts())) {
      String mine = admin.token("admin");
      for (String text : new String[] {"a\\nb", "a\\u0007", "a\\u202eb", "a\\u200b", "\\ud800"}) {
        String body = "{\"role\":\"viewer\",\"description\":\"" + text + "\"}";
        HttpResponse<String> answer = admin.send(mine, "POST", "/api/tokens", body);
        assertThat(answer.statusCode()).as(text).isEqualTo(400);
        assertThat(answer.body()).contains("description");
      }
    }
  }

  @Test
  void aServicesWritesItsOwnServiceOnly() {
    try (RunningAdmin admin = admin(RunningAdmin.accounts())) {
      String bound = sdkToken(admin, "payments");
      assertThat(register(admin, bound, "payments", "payments:GET:/a")).isEqualTo(200);
      assertThat(register(admin, bound, "orders", "orders:GET:/a")).isEqualTo(403);
      assertThat(register(admin, bound, "payments", "orders:GET:/a")).isEqualTo(400);
      assertThat(register(admin, bound, "payments", "GET:/a")).isEqualTo(403);
      assertThat(register(admin, bound, "payments", "__shield:global__")).isEqualTo(400);
      String open = sdkToken(admin, null);
      assertThat(admin.send(open, "GET", "/api/routes", null).statusCode()).isEqualTo(403);
      assertThat(register(admin, open, "orders", "orders:GET:/a")).isEqualTo(200);
      assertThat(register(admin, open, "payments", "payments:GET:/b")).isEqualTo(403);
      assertThat(json(admin.send(open, "GET", "/api/routes", null))).hasSize(1);
      String entry =
          "{\"id\":\"1\",\"timestamp\":\"2030-01-01T00:00:00Z\",\"path\":\"orders:GET:/a\","
              + "\"action\":\"enable\",\"actor\":\"root\",\"platform\":\"cli\"}";
      assertThat(admin.send(bound, "POST", "/api/sdk/audit", entry).statusCode()).isEqualTo(403);
      assertThat(admin.send(open, "POST", "/api/sdk/audit", entry).statusCode()).isEqualTo(200);
      var logged = await(admin.engine.audit().newest(1)).get(0);
      assertThat(logged.actor()).isEqualTo("sdk");
      assertThat(logged.platform()).isEqualTo("sdk");
      assertThat(logged.onBehalfOf()).isEqualTo("root");
      assertThat(logged.reported()).isTrue();
      assertThat(logged.reportedAt()).isEqualTo("2030-01-01T00:00:00Z");
      assertThat(logged.timestamp()).as("by this clock").isBefore("2030-01-01T00:00:00Z");
    }
  }

  private static int register(RunningAdmin admin, String token, String service, String key) {
    String body = "{\"app_id\":\"" + service + "\",\"states\":[{\"path\":\"" + key + "\"}]}";
    return admin.send(token, "POST", "/api/sdk/register", body).statusCode();
  }
}
