package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.RouteAction;
import io.shield.ShieldOptions;
import io.shield.internal.EngineInternals;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Services under a Shield Server that mount the admin API: what they keep is each service's own.
 */
class ServiceAdminTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final String ME = "/api/auth/me";

  private final MemoryBackend store = MemoryBackend.create();
  private final List<RunningAdmin> open = new ArrayList<>();
  private RunningAdmin server;

  @BeforeEach
  void start() {
    server = opened(new ShieldOptions().setBackend(store));
  }

  @AfterEach
  void stop() {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private RunningAdmin opened(ShieldOptions options) {
    RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts(), options);
    open.add(admin);
    return admin;
  }

  private RunningAdmin service(String name) {
    return opened(
        new ShieldOptions()
            .setBackend("server")
            .putSetting("SHIELD_APP_ID", name)
            .putSetting("SHIELD_SERVER_URL", server.url(""))
            .putSetting("SHIELD_USERNAME", "sdk")
            .putSetting("SHIELD_PASSWORD", RunningAdmin.PASSWORD)
            .putSetting("SHIELD_CACHE_DIR", "off"));
  }

  private static int me(RunningAdmin admin, String token) {
    return admin.send(token, "GET", ME, null).statusCode();
  }

  @Test
  void aTokenThatEndsAtOneProcessEndsAtAll() {
    RunningAdmin one = service("payments");
    RunningAdmin two = service("payments");
    RunningAdmin shop = service("shop");
    String signedOut = one.token("admin");
    String admin = one.token("admin");
    String revoked = program(one, admin);
    String id = json(one.send(admin, "GET", "/api/tokens", null)).get(0).get("id").textValue();
    Awaitility.await().until(() -> json(two.send(admin, "GET", "/api/tokens", null)).size() == 1);
    assertThat(json(server.send(server.token("admin"), "GET", "/api/tokens", null))).isEmpty();
    assertThat(json(shop.send(shop.token("admin"), "GET", "/api/tokens", null))).isEmpty();

    one.signOut(signedOut);
    assertThat(two.send(admin, "DELETE", "/api/tokens/" + id, null).statusCode()).isEqualTo(200);
    RunningAdmin again = service("payments");
    for (String token : List.of(signedOut, revoked)) {
      for (RunningAdmin each : List.of(one, two, again)) {
        Awaitility.await().until(() -> me(each, token) == 401);
      }
      // What a service writes ends nothing elsewhere, though all have one secret key.
      assertThat(me(server, token)).isEqualTo(200);
      assertThat(me(shop, token)).isEqualTo(200);
    }
    assertThat(me(again, admin)).isEqualTo(200);
    assertThat(await(store.load()).documents().keySet())
        .filteredOn(name -> name.contains("token-revoked"))
        .allMatch(name -> name.startsWith("service:payments:"))
        .hasSize(2);
  }

  /**
   * Refused or done already: what the server holds decides, and where it is says whether to read.
   */
  @Test
  void aChangeThatWritesNothingReadsNothing() {
    RunningAdmin service = service("payments");
    service.register("GET:/a");
    Awaitility.await().untilAsserted(() -> assertLevel(service));
    long loads = EngineInternals.of(service.engine).meters().loads();
    for (int i = 0; i < 5; i++) {
      await(service.engine.routes().apply("GET:/a", new RouteAction.CancelSchedule(""), ALICE));
      assertThatThrownBy(() -> await(service.engine.routes().disable("GET:/none", ALICE, "")))
          .hasMessageContaining("GET:/none");
    }
    assertThat(EngineInternals.of(service.engine).meters().loads()).isEqualTo(loads);
    for (int i = 0; i < 20; i++) {
      await(server.engine.routes().disable("payments:GET:/a", ALICE, "" + i));
      await(service.engine.routes().enable("GET:/a", ALICE, ""));
      assertThat(server.engine.routes().get("payments:GET:/a").status())
          .isEqualTo(RouteStatus.ACTIVE);
    }
  }

  private void assertLevel(RunningAdmin service) {
    assertThat(service.engine.snapshot().head()).isEqualTo(server.engine.snapshot().head());
  }

  /** What the service's code closes is closed there all the while, whoever forgets it where. */
  @Test
  void aRouteThatTheServerForgetsStaysClosedInTheService() {
    RunningAdmin service = service("payments");
    RouteState closed = RouteState.builder("GET:/a").status(RouteStatus.DISABLED).build();
    await(service.engine.register(List.of(closed)));
    Set<String> seen = ConcurrentHashMap.newKeySet();
    service.engine.onChange(
        change -> {
          RouteState shown = service.engine.snapshot().state("GET:/a");
          seen.add(shown == null ? "unknown" : shown.status().wireName());
        });
    HttpResponse<String> forgotten =
        server.send(
            server.token("admin"), "DELETE", "/api/routes?path=payments:GET:/a&force=true", null);
    assertThat(forgotten.statusCode()).as(forgotten.body()).isEqualTo(200);
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(server.engine.snapshot().state("payments:GET:/a")).isNotNull();
              assertLevel(service);
            });
    assertThat(server.engine.routes().get("payments:GET:/a").status())
        .isEqualTo(RouteStatus.DISABLED);
    assertThat(seen).containsExactly("disabled");
  }

  private static String program(RunningAdmin admin, String token) {
    String body = "{\"role\": \"viewer\", \"name\": \"ci\"}";
    HttpResponse<String> answer = admin.send(token, "POST", "/api/tokens", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json(answer).get("token").textValue();
  }
}
