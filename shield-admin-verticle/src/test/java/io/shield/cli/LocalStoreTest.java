package io.shield.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.cli.control.Control;
import io.shield.cli.control.LocalControl;
import io.shield.error.VersionMismatchException;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on a state file that a running server has open too. */
class LocalStoreTest {
  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private ShieldEngine server;
  private Shell shell;
  private String store;

  @BeforeEach
  void start() {
    Path file = directory.resolve("state.json");
    server =
        ShieldEngine.create(
            vertx,
            new ShieldOptions().setBackend("file").putSetting("SHIELD_FILE_PATH", file.toString()));
    server.start().await();
    server
        .register(
            List.of(
                RouteState.active("GET:/payments"),
                RouteState.active("POST:/payments"),
                RouteState.active("GET:/orders")))
        .await();
    shell = new Shell(directory);
    store = " --backend file --file " + file;
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private RouteStatus status(String route) {
    return server.routes().get(route).status();
  }

  @Test
  void sharesStateWithTheServer() {
    assertThat(shell.sh("maintenance GET:/payments --reason DB --until 2h -o json" + store))
        .as(shell.err())
        .isZero();
    JsonObject state = shell.json();
    assertThat(state.getString("status")).isEqualTo("maintenance");
    assertThat(state.getString("until")).isNotNull();
    await().until(() -> status("GET:/payments") == RouteStatus.MAINTENANCE);
    assertThat(shell.sh("log -o json" + store)).isZero();
    JsonObject entry = shell.jsonList().getJsonObject(0);
    assertThat(entry.getString("actor")).isEqualTo("tester");
    assertThat(entry.getString("platform")).isEqualTo("cli");
    assertThat(entry.getString("reason")).isEqualTo("DB");
  }

  @Test
  void severalRoutesOfAPath() {
    assertThat(shell.sh("disable /payments" + store)).isEqualTo(5);
    assertThat(shell.err()).contains("GET:/payments, POST:/payments", "--yes");
    assertThat(shell.sh("disable /payments --yes -o name" + store)).isZero();
    assertThat(shell.out().lines()).containsExactly("GET:/payments", "POST:/payments");
    await().until(() -> status("POST:/payments") == RouteStatus.DISABLED);
  }

  /** As a server tells it. */
  @Test
  void methodsThatStayOpenAreNamed() {
    server.register(List.of(RouteState.active("/carts"), RouteState.active("/lists"))).await();
    assertThat(shell.sh("canary OPTIONS:/carts 5" + store)).as(shell.err()).isZero();
    assertThat(shell.err()).isEmpty();
    String told = "OPTIONS:/carts has a state of its own and stays open: change it too";
    assertThat(shell.sh("disable /carts" + store)).isZero();
    assertThat(shell.err()).contains(told);
    assertThat(shell.sh("maintenance /carts /lists" + store)).isZero();
    assertThat(shell.err()).contains(told);
    assertThat(shell.sh("enable /carts" + store)).isZero();
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void versionsAndUnknownRoutes() {
    shell.sh("status GET:/orders -o json" + store);
    long version = shell.json().getLong("version");
    String disable = "disable GET:/orders --if-version ";
    assertThat(shell.sh(disable + (version + 1) + store)).isEqualTo(5);
    assertThat(shell.sh(disable + version + store)).isZero();
    assertThat(shell.sh(disable + version + store)).isEqualTo(5);
    assertThat(shell.err()).contains("has version");
    assertThat(shell.sh("enable GET:/order" + store)).isEqualTo(3);
    assertThat(shell.err()).contains("Did you mean GET:/orders");
  }

  @Test
  void maintenanceAndItsExemptions() {
    assertThat(shell.sh("global exempt-add /health" + store)).isEqualTo(5);
    await().until(() -> !server.maintenance().global().enabled());
    assertThat(shell.sh("global enable --reason move" + store)).isZero();
    assertThat(shell.sh("global exempt-add /health" + store)).isZero();
    assertThat(shell.sh("global exempt-remove /other" + store)).isEqualTo(3);
    await().until(() -> server.maintenance().global().exemptPaths().equals(List.of("/health")));
    assertThat(server.maintenance().global().reason()).isEqualTo("move");
    assertThat(shell.sh("sm enable billing" + store)).isZero();
    await().until(() -> server.maintenance().service("billing").enabled());
  }

  /** Somebody turns it off between the look and the change. */
  @Test
  void anExemptionTurnsNoMaintenanceOn() {
    ShieldOptions options =
        new ShieldOptions()
            .setName("command")
            .setBackend("file")
            .putSetting("SHIELD_FILE_PATH", directory.resolve("state.json").toString());
    assertThat(shell.sh("global enable --reason move" + store)).isZero();
    try (Control command = LocalControl.open(options, "tester", Duration.ofSeconds(30), false)) {
      JsonNode seen = command.maintenance(null);
      assertThat(shell.sh("global disable" + store)).isZero();
      MaintenanceMode more = MaintenanceMode.on("move");
      assertThatThrownBy(() -> command.setMaintenance(null, more, seen))
          .isInstanceOf(VersionMismatchException.class);
    }
    await().until(() -> !server.maintenance().global().enabled());
  }

  @Test
  void limits() {
    assertThat(shell.sh("rl set GET:/orders 10/minute --burst 2" + store)).as(shell.err()).isZero();
    assertThat(shell.sh("rl list -o name" + store)).isZero();
    assertThat(shell.out().strip()).isEqualTo("GET:/orders");
    assertThat(shell.sh("rl reset GET:/orders" + store)).isZero();
    assertThat(shell.sh("rl hits" + store)).isZero();
    assertThat(shell.sh("rl delete GET:/orders" + store)).isZero();
    assertThat(shell.sh("rl delete GET:/orders" + store)).isEqualTo(3);
    assertThat(shell.sh("grl set 100/minute" + store)).as(shell.err()).isZero();
    assertThat(shell.sh("grl disable -o json" + store)).isZero();
    assertThat(shell.json().getBoolean("enabled")).isFalse();
    assertThat(shell.sh("srl get billing" + store)).isZero();
    assertThat(shell.out()).contains("none");
    assertThat(shell.sh("rl set GET:/orders lots" + store)).isEqualTo(2);
    assertThat(shell.err()).contains("limit", "'lots'");
  }

  @Test
  void hitsTellWhoseLimitItWas() throws IOException {
    String hit =
        "{\"id\": \"1\", \"timestamp\": \"2026-01-01T00:00:00Z\", \"path\": \"/pay\", \"method\":"
            + " \"GET\", \"key\": \"k\", \"limit\": \"1/minute\", \"reset_at\":"
            + " \"2026-01-01T00:01:00Z\"";
    Path file = directory.resolve("hits.json");
    Files.writeString(
        file,
        "{\"states\": {}, \"audit\": [], \"rl_policies\": {}, \"rl_hits\": ["
            + hit
            + ", \"scope\": \"global\"}, "
            + hit
            + ", \"scope\": \"route\", \"tier\": \"pro\"}, "
            + hit
            + "}]}");
    assertThat(shell.sh("rl hits --backend file --file " + file)).as(shell.err()).isZero();
    assertThat(shell.out().lines().map(line -> line.replaceFirst(".*1/minute *", "")))
        .anyMatch(line -> line.matches("global +1"))
        .anyMatch(line -> line.matches("route, tier pro +1"))
        .anyMatch(line -> line.matches("1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login admin",
        "logout",
        "services",
        "explain GET /payments",
        "token list",
        "store status",
        "config show"
      })
  void otherCommandsNeedAServer(String command) {
    assertThat(shell.sh(command + store)).isEqualTo(2);
    assertThat(shell.err()).contains("needs a server");
    assertThat(shell.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "cluster", "server", "custom", "nothing"})
  void otherBackendsAreRefused(String backend) {
    assertThat(shell.sh("status --backend " + backend)).isEqualTo(2);
    assertThat(shell.err()).contains("'" + backend + "' is not allowed, must be file or redis");
  }

  @Test
  void optionsOfAnotherBackend() {
    assertThat(shell.sh("status --backend redis --file x.json")).isEqualTo(2);
    assertThat(shell.err()).contains("--file goes with --backend file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--file", "--redis-url"})
  void anEmptyNameIsNoDefault(String option) {
    assertThat(shell.sh("status " + option + "=")).isEqualTo(2);
    assertThat(shell.err()).contains(option + ": '' is not allowed, must not be empty");
  }

  @Test
  void aStoreThatCannotBeReached() {
    assertThat(shell.sh("status --redis-url redis://127.0.0.1:1/0 --timeout 5s")).isEqualTo(6);
    assertThat(shell.err()).startsWith("shield: ").doesNotContain("Exception");
    assertThat(Path.of(".shield-cache")).as("a snapshot in the working directory").doesNotExist();
  }
}
