package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.impl.EndpointTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The table of endpoints and roles. Who adds an endpoint adds it there, and says who may call it.
 */
class EndpointRolesTest {
  private static final Map<String, Set<Role>> ALLOWED =
      Map.of(
          "ANY_ROLE", Set.of(Role.values()),
          "SIGNED_IN", Set.of(Role.SDK, Role.VIEWER, Role.OPERATOR, Role.ADMIN),
          "METRICS", Set.of(Role.METRICS, Role.VIEWER, Role.OPERATOR, Role.ADMIN),
          "VIEWER", Set.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN),
          "OPERATOR", Set.of(Role.OPERATOR, Role.ADMIN),
          "ADMIN", Set.of(Role.ADMIN),
          "SDK", Set.of(Role.SDK, Role.ADMIN));

  private static RunningAdmin admin;
  private static final Map<Role, String> TOKENS = new EnumMap<>(Role.class);

  @BeforeAll
  static void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    for (Role role : Role.values()) {
      TOKENS.put(role, admin.token(role.wireName()));
    }
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  /** Each endpoint with who may call it. */
  static List<String> table() {
    try (InputStream in = EndpointRolesTest.class.getResourceAsStream("/endpoints.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kinds of access in the table, those with the most callers first. */
  static List<String> accesses() {
    return List.of(
        "PUBLIC", "ANY_ROLE", "SIGNED_IN", "METRICS", "SDK", "VIEWER", "OPERATOR", "ADMIN");
  }

  /** The roles that an access lets in; none where no token is asked for. */
  static Set<Role> allowed(String access) {
    return ALLOWED.getOrDefault(access, Set.of());
  }

  @Test
  void namesEveryEndpoint() throws IOException {
    assertThat(EndpointTable.of(admin.engine)).containsExactlyInAnyOrderElementsOf(table());
  }

  @Test
  void everyEndpointAsksForATokenAndForARole() throws IOException {
    for (String row : table()) {
      String[] parts = row.split(" ", -1);
      String target = parts[1].replace(":key", "R0VUOi94").replace(":service", "s");
      target = target.replace(":id", "00000000-0000-0000-0000-000000000000");
      if (parts[2].equals("PUBLIC") || target.endsWith("/logout")) {
        continue;
      }
      assertThat(admin.send(null, parts[0], target, null).statusCode()).as(row).isEqualTo(401);
      for (Role role : Role.values()) {
        int status = admin.status(TOKENS.get(role), parts[0], target);
        if (ALLOWED.get(parts[2]).contains(role)) {
          boolean unboundService = role == Role.SDK && status == 403;
          assertThat(unboundService || (status != 401 && status != 403 && status < 500))
              .as("%s as %s: %s", row, role, status)
              .isTrue();
        } else {
          assertThat(status).as("%s as %s", row, role).isEqualTo(403);
        }
      }
    }
  }

  /** Who may ask for something may ask what the answer would be, and nobody else. */
  @Test
  void whatCanBeReadCanBeAskedAbout() throws IOException {
    for (String row : table()) {
      String[] parts = row.split(" ", -1);
      String target = parts[1].replace(":key", "R0VUOi94").replace(":service", "s");
      if (parts[0].equals("GET") && !parts[2].equals("PUBLIC")) {
        assertThat(admin.send(null, "HEAD", target, null).statusCode()).as(row).isEqualTo(401);
        HttpResponse<String> answer = admin.send(TOKENS.get(Role.ADMIN), "HEAD", target, null);
        assertThat(answer.statusCode())
            .as(row)
            .isEqualTo(admin.status(TOKENS.get(Role.ADMIN), "GET", target));
        assertThat(answer.body()).isEmpty();
      }
    }
  }

  @Test
  void nobodySignsOutByALink() {
    HttpResponse<String> answer =
        admin.send(TOKENS.get(Role.ADMIN), "GET", "/api/auth/logout", null);
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("POST");
    assertThat(admin.status(TOKENS.get(Role.ADMIN), "GET", "/api/auth/me")).isEqualTo(200);
  }

  /** The original gave everybody a token of one year. */
  @Test
  void onlySdkAndAdminGetTokensForServices() {
    for (Role role : Role.values()) {
      String body =
          RunningAdmin.credentials(role.wireName(), RunningAdmin.PASSWORD)
              .replace("}", ", \"platform\": \"sdk\"}");
      assertThat(admin.send(null, "POST", "/api/auth/login", body).statusCode())
          .as(role.wireName())
          .isEqualTo(ALLOWED.get("SDK").contains(role) ? 200 : 403);
    }
  }

  /** The original opened every path that ended like a public one. */
  @Test
  void aPublicPathsEndOpensNothing() {
    for (String path :
        List.of(
            "/api/services/static/maintenance/enable",
            "/api/services/login/maintenance/enable",
            "/api/services/health/live",
            "/api/routes/login",
            "/api/routes/live/disable")) {
      String method = path.endsWith("able") ? "POST" : "GET";
      assertThat(admin.send(null, method, path, "{}").statusCode()).as(path).isIn(401, 404);
    }
  }
}
