package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command against what a server of version 0.8 answered. */
class OriginalServerTest {
  private static final String ROUTE = "payments-service:GET:/api/payments";

  @TempDir Path home;

  private RecordedServer server;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    server = new RecordedServer();
    shell = new Shell(home).set("SHIELD_SERVER_URL", server.url());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonObject lastRequest() {
    List<JsonObject> all = server.requests();
    return all.get(all.size() - 1);
  }

  @Test
  void signsInAndSendsTheTokenFromThenOn() {
    shell.set("SHIELD_PASSWORD", "secret");
    assertThat(shell.sh("login admin -o json")).as(shell.err()).isZero();
    assertThat(shell.json().getString("username")).isEqualTo("admin");
    assertThat(shell.out()).doesNotContain(RecordedServer.TOKEN);
    assertThat(shell.sh("status")).isZero();
    assertThat(lastRequest().getString("token")).isEqualTo(RecordedServer.TOKEN);
    assertThat(shell.sh("logout")).isZero();
    assertThat(lastRequest().getString("path")).isEqualTo("/api/auth/logout");
    shell.sh("status");
    assertThat(lastRequest().getString("token")).isNull();
  }

  @Test
  void aWrongPasswordIsNotAllowed() {
    shell.typing("x\n");
    assertThat(shell.sh("login admin --password-stdin")).isEqualTo(4);
    assertThat(shell.err()).startsWith("shield: Invalid credentials");
  }

  @Test
  void aPasswordIsNotAskedForWithoutATerminal() {
    assertThat(shell.sh("login admin")).isEqualTo(2);
    assertThat(shell.err()).contains("--password-stdin", "SHIELD_PASSWORD");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void listsRoutes() {
    assertThat(shell.sh("status --service payments-service -o json")).isZero();
    assertThat(shell.jsonList().stream().map(r -> ((JsonObject) r).getString("path")))
        .contains(ROUTE, "payments-service:GET:/old");
    shell.sh("status --service payments-service");
    assertThat(shell.out().lines().findFirst().orElseThrow())
        .matches("ROUTE +STATUS +REASON +DETAILS");
    assertThat(shell.out()).contains(ROUTE, "env_gated", "in dev, staging", "force-active");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disable GET:/api/payments --reason hotfix | disable | {\"reason\": \"hotfix\"}",
        "enable GET:/api/payments -r fixed | enable | {\"reason\": \"fixed\"}",
        "maintenance GET:/api/payments | maintenance | {\"reason\": \"\"}",
        "env set GET:/api/payments dev staging | env | {\"envs\": [\"dev\", \"staging\"]}",
        "env clear GET:/api/payments | enable | {\"reason\": \"\"}"
      })
  void changesARoute(String command, String operation, String body) {
    shell.set("SHIELD_SERVICE", "payments-service");
    assertThat(shell.sh(command + " -o name")).as(shell.err()).isZero();
    assertThat(shell.out().strip()).isEqualTo(ROUTE);
    assertThat(lastRequest().getString("path")).endsWith("/" + operation);
    assertThat(lastRequest().getJsonObject("body")).isEqualTo(new JsonObject(body));
  }

  @Test
  void plansAndCancelsAMaintenance() {
    String planned =
        " GET:/api/payments --service payments-service --start 2030-01-01T00:00Z"
            + " --end 2030-01-01T01:00Z --reason later";
    assertThat(shell.sh("schedule" + planned)).as(shell.err()).isZero();
    assertThat(lastRequest().getJsonObject("body"))
        .isEqualTo(
            new JsonObject()
                .put("start", "2030-01-01T00:00:00Z")
                .put("end", "2030-01-01T01:00:00Z")
                .put("reason", "later"));
    assertThat(shell.sh("maintenance" + planned)).isZero();
    assertThat(lastRequest().getString("path")).endsWith("/schedule");
    assertThat(shell.sh("schedule " + ROUTE + " --cancel")).isZero();
    assertThat(lastRequest().getString("method")).isEqualTo("DELETE");
  }

  /** As the original's own command: the server would leave out what it does not know. */
  @Test
  void disableUntilPlansAWindow() {
    assertThat(shell.sh("disable " + ROUTE + " --until 2h -r hotfix")).as(shell.err()).isZero();
    JsonObject body = lastRequest().getJsonObject("body");
    assertThat(lastRequest().getString("path")).endsWith("/schedule");
    assertThat(body.fieldNames()).containsExactlyInAnyOrder("start", "end", "reason");
    assertThat(
            Duration.between(
                Instant.parse(body.getString("start")), Instant.parse(body.getString("end"))))
        .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(120));
    assertThat(server.requests())
        .filteredOn(request -> request.getString("path").endsWith("/disable"))
        .singleElement()
        .extracting(request -> request.getJsonObject("body"))
        .isEqualTo(new JsonObject().put("reason", "hotfix"));
  }

  /** It would gate the route for ever. */
  @Test
  void untilIsRefusedWhereTheOriginalHasNone() {
    assertThat(shell.sh("env set " + ROUTE + " dev --until 2h")).isEqualTo(1);
    assertThat(shell.err()).contains("too old for --until");
    assertThat(server.requests()).noneMatch(request -> request.getString("method").equals("POST"));
  }

  @Test
  void theLogIsFilteredHereWhereTheServerDoesNotKnowHow() {
    assertThat(shell.sh("log -o json")).as(shell.err()).isZero();
    JsonArray all = new JsonArray(shell.out());
    String action = all.getJsonObject(0).getString("action");
    assertThat(shell.sh("log --action " + action + " -o json")).as(shell.err()).isZero();
    assertThat(new JsonArray(shell.out()))
        .hasSizeLessThan(all.size())
        .allSatisfy(
            entry -> assertThat(((JsonObject) entry).getString("action")).isEqualTo(action));
    assertThat(shell.sh("log --actor nobody -o json")).as(shell.err()).isZero();
    assertThat(new JsonArray(shell.out())).isEmpty();
    assertThat(shell.sh("log --since 1d -o json")).as(shell.err()).isZero();
  }

  @Test
  void whatCannotBeDone() {
    assertThat(shell.sh("disable GET:/nope")).isEqualTo(3);
    assertThat(shell.err()).contains("GET:/nope", "shield status");
    assertThat(shell.sh("disable payments-service:GET:/health")).isEqualTo(5);
    assertThat(shell.sh("rl set GET:/dup lots --replace -o json")).as(shell.err()).isNotZero();
    assertThat(shell.sh("deprecate " + ROUTE)).isEqualTo(1);
    assertThat(shell.err()).contains("does not know this request");
  }

  @Test
  void aBarePathOfSeveralRoutes() {
    assertThat(shell.sh("disable /dup -o json")).isEqualTo(5);
    JsonObject error = new JsonObject(shell.err());
    assertThat(error.getString("code")).isEqualTo("ambiguous");
    assertThat(error.getJsonArray("candidates"))
        .isEqualTo(new JsonArray().add("GET:/dup").add("POST:/dup"));
    assertThat(error.getString("hint")).contains("--yes");
    shell.atTerminal("n\n");
    assertThat(shell.sh("disable /dup")).isEqualTo(1);
    assertThat(shell.err()).contains("[y/N]");
  }

  @Test
  void globalAndServiceMaintenance() {
    shell.sh("global enable --reason deploy -e /health --exempt GET:/ready");
    List<JsonObject> all = server.requests();
    assertThat(all.get(all.size() - 2).getJsonObject("body"))
        .isEqualTo(
            new JsonObject()
                .put("reason", "deploy")
                .put("exempt_paths", new JsonArray().add("/health").add("GET:/ready"))
                .put("include_force_active", false));
    assertThat(shell.out()).contains("global", "on", "deploy");
    assertThat(shell.sh("global disable")).isZero();
    assertThat(shell.sh("sm enable payments-service --reason db -e /health -o json")).isZero();
    assertThat(shell.json().getBoolean("enabled")).isTrue();
    assertThat(shell.sh("service-maintenance status payments-service -o name")).isZero();
    assertThat(shell.out().strip()).isEqualTo("off");
  }

  @Test
  void exemptAddNeverTurnsMaintenanceOn() {
    assertThat(shell.sh("global exempt-add /metrics")).isEqualTo(5);
    assertThat(shell.err()).contains("maintenance is off", "--exempt");
    assertThat(server.requests()).noneMatch(request -> request.getString("method").equals("POST"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rl list | /api/rate-limits",
        "rate-limits hits --per-page 4 | /api/rate-limits/hits?limit=5",
        "rl reset GET:/dup | /api/rate-limits/L2R1cA/reset?method=GET",
        "rl delete GET:/dup | /api/rate-limits/R0VUOi9kdXA",
        "grl get | /api/global-rate-limit",
        "srl get payments-service | /api/services/payments-service/rate-limit",
        "log --per-page 4 | /api/audit?limit=5",
        "services | /api/services"
      })
  void asksForWhatWasRecorded(String command, String path) {
    assertThat(shell.sh(command)).as(shell.err()).isZero();
    assertThat(lastRequest().getString("path")).isEqualTo(path);
  }

  @Test
  void setsLimits() {
    assertThat(
            shell.sh(
                "rl set GET:/dup 20/minute --algorithm sliding_window --key api_key --burst 5"
                    + " --replace"))
        .isZero();
    assertThat(lastRequest().getJsonObject("body"))
        .isEqualTo(
            new JsonObject()
                .put("limit", "20/minute")
                .put("algorithm", "sliding_window")
                .put("key_strategy", "api_key")
                .put("burst", 5)
                .put("path", "/dup")
                .put("method", "GET"));
    // That server only knows how to replace a policy: what is not named is sent as it is.
    assertThat(shell.sh("rl set GET:/dup --burst 7")).as(shell.err()).isZero();
    assertThat(lastRequest().getJsonObject("body").getInteger("burst")).isEqualTo(7);
    assertThat(lastRequest().getJsonObject("body").getString("limit")).isNotEmpty();
    assertThat(shell.sh("grl set 1000/minute --key ip --burst 10 --exempt /health")).isZero();
    assertThat(lastRequest().getJsonObject("body").getJsonArray("exempt_routes"))
        .isEqualTo(new JsonArray().add("/health"));
    for (String operation : List.of("disable", "enable", "reset", "delete")) {
      assertThat(shell.sh("grl " + operation)).as(operation).isZero();
      assertThat(shell.sh("srl " + operation + " payments-service")).as(operation).isZero();
    }
    assertThat(shell.sh("srl set payments-service 500/minute -o yaml")).isZero();
    assertThat(shell.out()).contains("limit: 500/minute");
  }

  @Test
  void anOldServerHasNoVersions() {
    assertThat(shell.sh("disable " + ROUTE + " --if-version 3")).isEqualTo(1);
    assertThat(shell.err()).contains("too old for --if-version");
  }
}
