package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.AdminVerticle;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a server of this version, which lets in everybody on this machine. */
class WatchTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  @TempDir Path home;

  private final Vertx vertx = Vertx.vertx();
  private final AdminVerticle admin;
  private final ShieldEngine engine;
  private Shell shell;

  WatchTest() {
    ShieldOptions options =
        new ShieldOptions()
            .setName("watched-" + UUID.randomUUID())
            .setBackend(MemoryBackend.create());
    engine = ShieldEngine.create(vertx, options);
    admin = new AdminVerticle(engine, new AdminOptions().setPort(0));
  }

  @BeforeEach
  void start() {
    engine.start().await();
    engine
        .register(List.of(RouteState.active("GET:/payments"), RouteState.active("GET:/orders")))
        .await();
    vertx.deployVerticle(admin).await();
    shell = shell();
  }

  private Shell shell() {
    return new Shell(home).set("SHIELD_SERVER_URL", "http://localhost:" + admin.actualPort());
  }

  @AfterEach
  void stop() {
    engine.close().await();
    vertx.close().await();
  }

  /** The first event of a route that is changed again and again until somebody has seen it. */
  private Shell watched(String line) {
    Shell watching = shell();
    CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> watching.sh(line));
    await()
        .until(
            () -> {
              engine.routes().disable("GET:/orders", ALICE, "later").await();
              engine.routes().disable("GET:/payments", ALICE, "broken").await();
              return end.isDone();
            });
    assertThat(end.join()).as(watching.err()).isZero();
    return watching;
  }

  @Test
  void showsChangesAsTheyCome() {
    JsonObject event = watched("watch GET:/payments --count 1 -o json").json();
    assertThat(event.getString("type")).isEqualTo("state");
    assertThat(event.getJsonObject("payload").getString("status")).isEqualTo("disabled");
    String line = watched("watch GET:/payments --count 1").out();
    assertThat(line).matches("\\S+Z  GET:/payments  disabled  alice  broken\\R");
    assertThat(watched("watch --count 1").err()).contains("watching all routes");
  }

  /** What a request gets, not only what the route says of itself. */
  @Test
  void saysWhatIsInForce() {
    engine.maintenance().enableGlobal(ALICE, "move").await();
    JsonObject payload =
        watched("watch GET:/payments --count 1 -o json").json().getJsonObject("payload");
    assertThat(payload.getString("status")).isEqualTo("disabled");
    assertThat(payload.getString("effective_status")).isEqualTo("maintenance");
    assertThat(payload.getString("decided_by")).isEqualTo("global_maintenance");
    assertThat(watched("watch GET:/payments --count 1").out()).contains("  maintenance  ");
  }

  @Test
  void aRouteIsClosedWithAllOthers() {
    Shell watching = shell();
    CompletableFuture<Integer> end =
        CompletableFuture.supplyAsync(() -> watching.sh("watch GET:/payments --count 1"));
    await()
        .until(
            () -> {
              engine.maintenance().enableGlobal(ALICE, "move").await();
              return end.isDone();
            });
    assertThat(watching.out()).contains("[global maintenance]", "move");
  }

  @Test
  void endsWhenItsTimeIsOver() {
    assertThat(shell.sh("watch --timeout 300ms")).as(shell.err()).isZero();
    assertThat(shell.err()).contains("watching all routes");
    assertThat(shell.sh("watch --count 1 --timeout 300ms")).isEqualTo(1);
    assertThat(shell.err()).contains("only 0 of 1 changes came");
  }

  @Test
  void aWatchedServerMustBeThere() {
    shell.set("SHIELD_SERVER_URL", "http://localhost:1");
    assertThat(shell.sh("watch --count 1")).isEqualTo(6);
    assertThat(shell.sh("watch --count 0")).isEqualTo(2);
  }

  @Test
  void aDryRunChangesNothing() {
    assertThat(shell.sh("disable GET:/payments --dry-run -o json")).as(shell.err()).isZero();
    assertThat(shell.json().getString("status")).isEqualTo("disabled");
    assertThat(shell.err()).contains("nothing was changed");
    assertThat(shell.sh("status GET:/payments -o json")).isZero();
    assertThat(shell.json().getString("status")).isEqualTo("active");
  }

  @Test
  void severalRoutesChangeTogetherOrNotAtAll() {
    engine
        .register(
            List.of(
                RouteState.active("GET:/both"),
                RouteState.builder("POST:/both").forceActive(true).build()))
        .await();
    assertThat(shell.sh("disable /both --yes")).isEqualTo(5);
    shell.sh("status GET:/both -o json");
    assertThat(shell.json().getString("status")).isEqualTo("active");
    assertThat(shell.sh("disable /both --yes --if-version 1")).isEqualTo(5);
    assertThat(shell.err()).contains("--if-version is of one route");
  }

  @Test
  void aDryRunHeedsTheVersion() {
    assertThat(shell.sh("disable GET:/payments --dry-run --if-version 999")).isEqualTo(5);
    assertThat(shell.err()).contains("not 999");
  }

  @Test
  void whyAPlanIsCancelledIsKept() {
    shell.sh("schedule GET:/payments --start 2099-01-01T00:00Z --end 2099-01-02T00:00Z");
    assertThat(shell.sh("schedule GET:/payments --cancel --reason later")).isZero();
    shell.sh("log -o json --per-page 1");
    assertThat(shell.jsonList().getJsonObject(0).getString("reason")).isEqualTo("later");
  }

  @Test
  void aChangeOfAnOlderVersionIsRefused() {
    shell.sh("status GET:/payments -o json");
    long version = shell.json().getLong("version");
    assertThat(shell.sh("disable GET:/payments --if-version " + version)).isZero();
    assertThat(shell.sh("enable GET:/payments --if-version " + version)).isEqualTo(5);
    assertThat(shell.err()).contains("somebody else changed it");
  }

  @Test
  void explainsARequest() {
    engine.routes().disable("GET:/payments", ALICE, "broken").await();
    assertThat(shell.sh("explain get /payments -o json")).as(shell.err()).isZero();
    assertThat(shell.json().getString("decision")).isEqualTo("disabled");
    assertThat(shell.sh("explain GET:/payments -o name")).as(shell.err()).isZero();
    assertThat(shell.sh("explain /payments")).isEqualTo(2);
    assertThat(shell.err()).contains("METHOD: '/payments' is not allowed");
    assertThat(shell.sh("explain GET /payments -o name")).isZero();
    assertThat(shell.out().strip()).isEqualTo("disabled");
  }

  @Test
  void exemptionsAreAddedToAMaintenanceThatIsOn() {
    assertThat(shell.sh("global exempt-add /health")).isEqualTo(5);
    assertThat(engine.maintenance().global().enabled()).isFalse();
    shell.sh("global enable --reason move");
    assertThat(shell.sh("global exempt-add /health")).as(shell.err()).isZero();
    assertThat(engine.maintenance().global().exemptPaths()).containsExactly("/health");
    assertThat(engine.maintenance().global().reason()).isEqualTo("move");
  }

  @Test
  void hashesAPassword() {
    shell.typing("a long password\n");
    assertThat(shell.sh("hash-password --password-stdin")).isZero();
    assertThat(shell.out()).startsWith("$pbkdf2$it=").doesNotContain("a long password");
    assertThat(new Shell(home).sh("hash-password")).isEqualTo(2);
  }
}
