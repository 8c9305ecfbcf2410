package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was done can be taken back, whole, and only by whom nobody overtook. */
class UndoTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private RunningAdmin admin;
  private String token;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts());
    admin.register("GET:/a", "GET:/b");
    token = admin.token("operator");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private RouteState state(String key) {
    return admin.engine.routes().get(key).state();
  }

  /** The state but for bookkeeping. */
  private RouteState content(String key) {
    return state(key).toBuilder().version(0).since(null).build();
  }

  private HttpResponse<String> change(String endpoint, String body) {
    return admin.send(token, "POST", "/api/routes/" + endpoint, body);
  }

  private HttpResponse<String> undo(long revision) {
    return change("undo", "{\"revision\": " + revision + ", \"reason\": \"undo\"}");
  }

  @Test
  void everyFieldIsWhatItWas() {
    Instant start = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
    RunningAdmin.await(admin.engine.routes().envGate("GET:/a", ALICE, List.of("staging")));
    RunningAdmin.await(
        admin
            .engine
            .routes()
            .schedule("GET:/a", ALICE, new MaintenanceWindow(start, start.plusSeconds(60), "w")));
    RunningAdmin.await(admin.engine.routes().canary("GET:/a", ALICE, 20));
    RouteState before = content("GET:/a");
    for (String action :
        List.of(
            "enable?path=GET:/a {}",
            "disable?path=GET:/a {\"until\": \"2h\", \"reason\": \"r\"}",
            "maintenance?path=GET:/a {\"reason\": \"r\"}",
            "env?path=GET:/a {\"envs\": [\"x\"]}",
            "deprecate?path=GET:/a {\"successor_path\": \"/c\"}",
            "canary?path=GET:/a {\"percentage\": 50}")) {
      int space = action.indexOf(' ');
      assertThat(change(action.substring(0, space), action.substring(space + 1)).statusCode())
          .as(action)
          .isEqualTo(200);
      assertThat(content("GET:/a")).as(action).isNotEqualTo(before);
      assertThat(undo(state("GET:/a").version()).statusCode()).as(action).isEqualTo(200);
      assertThat(content("GET:/a")).as(action).isEqualTo(before);
    }
  }

  /** A copy would not follow the route any more. */
  @Test
  void aMethodThatHadNoStateOfItsOwnHasNoneAgain() {
    admin.register("/all");
    assertThat(change("disable?path=POST:/all", "{\"reason\": \"r\"}").statusCode()).isEqualTo(200);
    assertThat(change("canary?path=POST:/all", "{\"percentage\": 5}").statusCode()).isEqualTo(200);
    assertThat(undo(state("POST:/all").version()).statusCode()).isEqualTo(200);
    assertThat(state("POST:/all").status()).as("not its first").isEqualTo(RouteStatus.DISABLED);
    RunningAdmin.await(admin.engine.routes().forget("POST:/all", true, null, ALICE, ""));

    assertThat(change("disable?path=POST:/all", "{\"reason\": \"r\"}").statusCode()).isEqualTo(200);
    HttpResponse<String> undone = undo(state("POST:/all").version());
    assertThat(undone.statusCode()).as(undone.body()).isEqualTo(200);
    assertThat(RunningAdmin.json(undone).at("/routes/0/path").asText()).isEqualTo("POST:/all");
    assertThat(RunningAdmin.json(undone).at("/routes/0/status").asText()).isEqualTo("active");
    assertThat(admin.engine.snapshot().state("POST:/all")).isNull();
    RunningAdmin.await(admin.engine.routes().disable("/all", ALICE, "closed"));
    assertThat(state("POST:/all").status()).isEqualTo(RouteStatus.DISABLED);
  }

  /** What the code declares by itself is a route whatever another one says. */
  @Test
  void aMethodThatTheCodeDeclaresKeepsItsState() {
    admin.register("/all", "POST:/all");
    assertThat(change("disable?path=POST:/all", "{\"reason\": \"r\"}").statusCode()).isEqualTo(200);
    assertThat(undo(state("POST:/all").version()).statusCode()).isEqualTo(200);
    assertThat(admin.engine.snapshot().state("POST:/all")).isNotNull();
    assertThat(state("POST:/all").status()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void aBulkChangeIsTakenBackAsAWhole() {
    change(
        "bulk", "{\"action\": \"disable\", \"keys\": [\"GET:/a\", \"GET:/b\"], \"reason\": \"x\"}");
    long revision = state("GET:/a").version();
    RunningAdmin.await(admin.engine.routes().enable("GET:/b", ALICE, "mine"));
    assertThat(undo(revision).statusCode()).isEqualTo(412);
    assertThat(state("GET:/a").version()).isEqualTo(revision);

    change(
        "bulk", "{\"action\": \"disable\", \"keys\": [\"GET:/a\", \"GET:/b\"], \"reason\": \"x\"}");
    assertThat(undo(state("GET:/a").version()).statusCode()).isEqualTo(200);
    assertThat(state("GET:/a").reason()).isEqualTo("x");
    assertThat(state("GET:/b").reason()).isEqualTo("mine");
  }

  /** All or nothing: the log forgets, and half a change is not taken back. */
  @Test
  void aChangeThatTheLogHasInPartIsNotTakenBack() {
    try (RunningAdmin forgetful =
        new RunningAdmin(
            RunningAdmin.accounts(),
            MemoryBackend.create(InstantSource.system(), 3),
            InstantSource.system())) {
      forgetful.register("GET:/a", "GET:/b", "GET:/c");
      RunningAdmin.await(
          forgetful
              .engine
              .routes()
              .applyAll(
                  Stream.of("GET:/a", "GET:/b")
                      .map(key -> new Routes.Command(key, new RouteAction.Disable("", null), null))
                      .toList(),
                  ALICE));
      long revision = forgetful.engine.routes().get("GET:/a").state().version();
      String body = "{\"revision\": " + revision + "}";
      RunningAdmin.await(forgetful.engine.routes().disable("GET:/c", ALICE, "x"));
      RunningAdmin.await(forgetful.engine.routes().enable("GET:/c", ALICE, "x"));
      String operator = forgetful.token("operator");
      HttpResponse<String> refused = forgetful.send(operator, "POST", "/api/routes/undo", body);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
      assertThat(refused.body()).contains("UNKNOWN_CHANGE");
      for (String key : List.of("GET:/a", "GET:/b")) {
        assertThat(forgetful.engine.routes().get(key).state().version()).isEqualTo(revision);
      }
      // The oldest of the log, and all of it.
      long last = forgetful.engine.routes().get("GET:/c").state().version();
      RunningAdmin.await(
          forgetful
              .engine
              .routes()
              .applyAll(
                  Stream.of("GET:/a", "GET:/b", "GET:/c")
                      .map(key -> new Routes.Command(key, new RouteAction.Canary(5, ""), null))
                      .toList(),
                  ALICE));
      HttpResponse<String> whole =
          forgetful.send(
              operator, "POST", "/api/routes/undo", "{\"revision\": " + (last + 1) + "}");
      assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
    }
  }

  /** Who cannot tell what is missing cannot tell whether somebody overtook it either. */
  @Test
  void norIsOneOfWhichTheLogLostWhatWasChangedSince() {
    try (RunningAdmin forgetful =
        new RunningAdmin(
            RunningAdmin.accounts(),
            MemoryBackend.create(InstantSource.system(), 3),
            InstantSource.system())) {
      List<String> keys = List.of("GET:/a", "GET:/b", "GET:/c");
      forgetful.register("GET:/a", "GET:/b", "GET:/c");
      Routes routes = forgetful.engine.routes();
      RunningAdmin.await(
          routes.applyAll(
              keys.stream()
                  .map(key -> new Routes.Command(key, new RouteAction.Disable("", null), null))
                  .toList(),
              ALICE));
      long revision = routes.get("GET:/b").state().version();
      RunningAdmin.await(routes.enable("GET:/a", ALICE, "mine"));
      HttpResponse<String> refused =
          forgetful.send(
              forgetful.token("operator"),
              "POST",
              "/api/routes/undo",
              "{\"revision\": " + revision + "}");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
      assertThat(refused.body()).contains("UNKNOWN_CHANGE", String.valueOf(revision));
      for (String key : List.of("GET:/b", "GET:/c")) {
        assertThat(routes.get(key).state().version()).isEqualTo(revision);
      }
    }
  }

  /** Nothing was lost of a log that begins with it, whatever was changed since. */
  @Test
  void theFirstChangeOfAllIsTakenBack() {
    change("disable?path=GET:/a", "{\"reason\": \"r\"}");
    long first = state("GET:/a").version();
    change("disable?path=GET:/b", "{\"reason\": \"r\"}");
    change("enable?path=GET:/b", "{\"reason\": \"r\"}");
    HttpResponse<String> undone = undo(first);
    assertThat(undone.statusCode()).as(undone.body()).isEqualTo(200);
    assertThat(state("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void whatNeverWasCannotBeTakenBack() {
    assertThat(undo(999).statusCode()).isEqualTo(404);
    assertThat(undo(0).statusCode()).isEqualTo(400);
    assertThat(change("undo", "{\"revision\": \"x\"}").statusCode()).isEqualTo(400);
  }
}
