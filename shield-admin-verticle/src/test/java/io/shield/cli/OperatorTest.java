package io.shield.cli;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.Bypass;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.web.Shield;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody on call is told by a server of this version. */
class OperatorTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  @TempDir Path home;

  private RunningAdmin admin;
  private Shell shell;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(new AdminOptions());
    admin.register("GET:/orders", "GET:/pay", "POST:/pay");
    shell = new Shell(home).set("SHIELD_SERVER_URL", admin.url(""));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private void sh(String line) {
    assertThat(shell.sh(line)).as("%s: %s", line, shell.err()).isZero();
  }

  @Test
  void statusSaysWhatIsInForce() {
    sh("disable GET:/pay --reason broken");
    await(admin.engine.maintenance().enableGlobal(ALICE, "move"));
    sh("status");
    assertThat(shell.out().lines().findFirst().orElseThrow())
        .isEqualTo("Global maintenance is on: move");
    assertThat(shell.out())
        .containsPattern("GET:/orders +maintenance +global maintenance, itself active")
        .containsPattern("GET:/pay +maintenance +global maintenance, itself disabled: broken");
    sh("status GET:/orders -o json");
    JsonObject route = shell.json();
    assertThat(route.getString("status")).isEqualTo("active");
    assertThat(route.getString("effective_status")).isEqualTo("maintenance");
    assertThat(route.getString("decided_by")).isEqualTo("global_maintenance");
    await(admin.engine.maintenance().disableGlobal(ALICE));
    try (Bypass bypass = admin.engine.bypass(Bypass.Kind.LIFECYCLE)) {
      assertThat(bypass).isNotNull();
      sh("status GET:/pay");
      assertThat(shell.out())
          .startsWith("The server enforces no state (SHIELD_BYPASS_LIFECYCLE)")
          .containsPattern("GET:/pay +active +nothing is enforced, itself disabled: broken");
    }
    sh("status");
    assertThat(shell.out()).startsWith("ROUTE");
  }

  @Test
  void howManyMembersDecideIsInTheLog() {
    sh("store members 3 --yes --reason moved");
    assertThat(shell.out()).contains("ready");
    sh("log -o json");
    assertThat(shell.out()).contains("store_members", "moved");
    assertThat(shell.sh("store members 0 --yes")).isNotZero();
    assertThat(shell.err()).contains("members", "between 1 and 1000");
  }

  /** What belongs to a state that was left is neither kept nor shown. */
  @Test
  void nothingIsLeftBehind() {
    sh("maintenance GET:/pay --reason swap");
    sh("env set GET:/pay staging");
    assertThat(shell.out()).doesNotContain("swap");
    sh("env clear GET:/pay");
    assertThat(shell.out()).doesNotContain("staging");
    sh("schedule GET:/pay --start 1h --for 1h --reason later");
    sh("schedule GET:/pay --cancel");
    assertThat(shell.out()).doesNotContain("later");
    sh("disable GET:/pay");
    sh("canary GET:/pay 30");
    sh("deprecate GET:/pay --sunset 90d --successor /orders");
    sh("enable GET:/pay -o json");
    assertThat(shell.json().getInteger("canary_percentage")).isZero();
    assertThat(shell.json().getString("successor_path")).isNull();
    assertThat(shell.json().getString("sunset_date")).isNull();
  }

  /** "Closed, but our office gets in." */
  @Test
  void somePassAClosedRoute() {
    sh("maintenance GET:/pay --reason swap --allow-ip 192.0.2.0/24,2001:db8::1 --allow-role ops");
    assertThat(shell.out()).contains("roles ops, addresses 192.0.2.0/24, 2001:db8::1");
    sh("log --route GET:/pay -o json");
    assertThat(shell.out()).contains("allowed_ips", "192.0.2.0/24");
    assertThat(shell.sh("disable GET:/pay --allow-ip office")).isEqualTo(2);
    assertThat(shell.err()).contains("office");
    sh("disable GET:/pay --allow-role boss");
    assertThat(shell.out()).contains("roles boss, addresses 192.0.2.0/24");
    sh("env set GET:/orders staging --allow-ip 192.0.2.1");
    assertThat(shell.out()).contains("192.0.2.1");
    sh("schedule GET:/orders --start 1h --for 1h --allow-ip 192.0.2.9");
    sh("enable GET:/**");
    assertThat(shell.out()).doesNotContain("addresses");
  }

  /** An application's own routes do not bear the service in their keys. */
  @Test
  void aServiceIsFoundInItsOwnApplication() {
    await(admin.engine.register(List.of(RouteState.builder("GET:/cart").service("shop").build())));
    sh("status -s shop");
    assertThat(shell.out()).contains("GET:/cart").doesNotContain("GET:/pay");
    sh("status GET:/cart -s shop -o name");
    assertThat(shell.out().strip()).isEqualTo("GET:/cart");
    sh("disable /cart -s shop --reason sold-out -o name");
    sh("enable GET:/** -s shop -o name");
    assertThat(shell.out().strip()).isEqualTo("GET:/cart");
    sh("rl set GET:/cart 5/minute -s shop -o name");
    assertThat(shell.out().strip()).isEqualTo("GET:/cart");
    sh("rl pause GET:/cart -s shop");
  }

  /** As on a Shield Server. */
  @Test
  void aRequestToAServiceIsExplained() {
    admin.register("shop:GET:/cart/:id");
    sh("disable GET:/cart/:id -s shop --reason sold-out");
    for (String question :
        List.of("GET /cart/7 -s shop", "GET:/cart/7 -s shop", "shop:GET:/cart/7")) {
      sh("explain " + question);
      assertThat(shell.out()).contains("503", "shop:GET:/cart/:id is disabled: sold-out");
    }
    shell.set("SHIELD_SERVICE", "shop");
    sh("explain GET /cart/7 -o name");
    assertThat(shell.out().strip()).isEqualTo("disabled");
  }

  /** As on a Shield Server: a limit that the service's code declares has a path without method. */
  @Test
  void aLimitIsChangedByTheNameThatTheListShows() {
    admin.register("shop:GET:/cart", "billing:GET:/cart");
    RateLimitPolicy declared =
        RateLimitPolicy.of("GET", "shop:/cart", "5/minute").toBuilder()
            .algorithm(RateLimitAlgorithm.MOVING_WINDOW)
            .build();
    await(admin.engine.rateLimits().set(declared, Actor.of("shop", "sdk")));
    sh("rl list -o name");
    assertThat(shell.out().strip()).isEqualTo("shop:GET:/cart");
    sh("rl pause shop:GET:/cart");
    assertThat(shell.out()).contains("paused");
    sh("rl resume GET:/cart -s shop -o name");
    assertThat(shell.out().strip()).isEqualTo("shop:GET:/cart");
    sh("rl set GET:/cart 9/minute -s shop");
    assertThat(shell.out()).contains("9/minute", "moving_window", "limit: 5/minute > 9/minute");
    sh("rl list -o name");
    assertThat(shell.out().strip()).isEqualTo("shop:GET:/cart");
    assertThat(shell.sh("rl pause GET:/cart -s billing")).isEqualTo(3);
    sh("rl delete GET:/cart -s shop");
    assertThat(admin.engine.rateLimits().list()).isEmpty();
  }

  @Test
  void declaredProtectionThatDoesNotStandIsShown() {
    Router router = Router.router(admin.vertx);
    await(
        admin.vertx.<Void>executeBlocking(
            () -> {
              Shield.on(router.get("/lost")).disabled("broken").handler(ctx -> ctx.end());
              return null;
            }));
    sh("status");
    assertThat(shell.out()).startsWith("Not enforced: GET:/lost is known to no ShieldHandler");
    assertThat(router.getRoutes()).as("held").hasSize(1);
  }

  @Test
  void servicesThatShareAKeyAreTold() {
    sh("services");
    assertThat(shell.err()).isEmpty();
    List<ShieldEngine> engines = new ArrayList<>();
    for (String service : List.of("shop", "billing")) {
      ShieldOptions options =
          new ShieldOptions().setName(service).setService(service).setBackend(admin.backend);
      ShieldEngine engine = ShieldEngine.create(admin.vertx, options);
      await(engine.start());
      await(engine.register(List.of(RouteState.active("GET:/health"))));
      engines.add(engine);
    }
    Awaitility.await()
        .untilAsserted(
            () -> {
              sh("services");
              assertThat(shell.err())
                  .contains("GET:/health is declared by billing and shop, which share its state");
            });
    sh("status GET:/health -o json");
    assertThat(shell.json().getJsonArray("shared_by")).containsExactly("billing", "shop");
    assertThat(admin.engine.store().status().warning()).contains("billing and shop");
    engines.forEach(engine -> await(engine.close()));
  }

  @Test
  void whatNobodyKnowsIsDoneAndTold() {
    sh("env set GET:/pay staging");
    assertThat(shell.err()).contains("nobody knows the environment 'staging'");
    sh("env set GET:/orders stagin");
    assertThat(shell.err())
        .contains("nobody knows the environment 'stagin'; did you mean staging?");
    sh("env set GET:/orders dev staging");
    assertThat(shell.err()).isEmpty();
    sh("global enable --exempt /payy --exempt /orders");
    assertThat(shell.err())
        .contains("nobody knows the route '/payy'; did you mean GET:/pay, POST:/pay?")
        .doesNotContain("'/orders'");
    sh("global disable");
    sh("sm enable shpo");
    assertThat(shell.err()).contains("nobody knows the service 'shpo'");
    sh("status -s shpo");
    assertThat(shell.err()).contains("nobody knows the service 'shpo'");
    sh("log --action disabel");
    assertThat(shell.err()).contains("nobody knows the action 'disabel'; did you mean disable?");
    sh("log --action disable");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void barePathsMeanAllMethods() {
    sh("disable POST:/pay --reason one");
    sh("disable GET:/orders --reason two");
    sh("log --route /pay");
    assertThat(shell.out()).contains("one").doesNotContain("two");
    sh("rl hits --route /pay");
  }

  @Test
  void columnsAreChosen() {
    sh("schedule GET:/pay --start 2030-01-01T00:00Z --end 2030-01-02T00:00Z --reason move");
    sh("status -o columns=path,base_status,window/start");
    assertThat(shell.out().lines().map(String::strip))
        .anyMatch(line -> line.matches("PATH +BASE_STATUS +WINDOW/START"))
        .anyMatch(line -> line.matches("GET:/pay +active +2030-01-01T00:00:00Z"));
    sh("status GET:/pay -o columns=reason");
    assertThat(shell.out().lines()).containsExactly("REASON", "move");
    sh("version -o columns=client");
    assertThat(shell.out().lines()).hasSize(2).startsWith("CLIENT");
    sh("status GET:/pay -o columns=statsu");
    assertThat(shell.err()).contains("nothing shown has 'statsu', there are ", "status, ");
    assertThat(shell.sh("status -o columns=")).isEqualTo(2);
    assertThat(shell.err()).contains("columns=FIELD,...");
  }

  @Test
  void theLogLooksBack() {
    sh("disable GET:/pay --reason broken");
    sh("log --since 1h");
    assertThat(shell.out()).contains("broken");
  }

  /** Refused by what would refuse it, and shown with what it would change. */
  @Test
  void aLimitIsTriedFirst() {
    assertThat(shell.sh("rl set GET:/paj 5/minute --dry-run")).isEqualTo(3);
    assertThat(shell.err()).contains("/paj").doesNotContain("nothing was changed");
    assertThat(shell.sh("rl set GET:/paj 5/minute")).isEqualTo(3);
    sh("rl set GET:/pay 5/minute --dry-run");
    assertThat(shell.out()).contains("limit: none > 5/minute");
    assertThat(shell.err()).contains("nothing was changed");
    sh("rl list -o json");
    assertThat(shell.jsonList()).isEmpty();
  }

  /** What is not named stays; what changed is told. */
  @Test
  void aLimitIsChangedNotReplaced() {
    sh("rl set GET:/pay 5/minute --key user --burst 3 --tier pro=9/minute --exempt-ip 192.0.2.7");
    sh("rl set GET:/pay 7/minute");
    assertThat(shell.out())
        .contains("limit: 5/minute > 7/minute", "burst 3, pro 9/minute, not for 192.0.2.7");
    sh("rl set GET:/pay --burst 4 --shadow --dry-run");
    assertThat(shell.err()).contains("nothing was changed");
    sh("rl list -o json");
    assertThat(shell.jsonList().getJsonObject(0).getInteger("burst")).isEqualTo(3);
    sh("rl pause GET:/pay");
    sh("rl list");
    assertThat(shell.out()).containsPattern("GET:/pay +paused +7/minute");
    sh("rl resume GET:/pay");
    assertThat(shell.out()).containsPattern("GET:/pay +in force");
    sh("rl set GET:/pay 8/minute --replace");
    assertThat(shell.out()).doesNotContain("pro 9/minute");
    sh("rl set GET:/pay --on-store-failure block");
    assertThat(shell.out()).contains("without store block", "on store failure: none > block");
    sh("rl set GET:/pay --lease");
    assertThat(shell.out()).contains("without store block, lease", "lease: none > true");
    sh("rl set GET:/pay --no-lease");
    assertThat(shell.out()).doesNotContain("block, lease");
    assertThat(shell.sh("rl set GET:/pay --on-store-failure never")).isEqualTo(2);
    assertThat(shell.err()).contains("on_store_failure", "local, allow, block");
    sh("grl set 100/minute --exempt /orders");
    sh("grl set --burst 9");
    assertThat(shell.out()).contains("100/minute", "burst 9, not for /orders", "burst: 0 > 9");
    assertThat(shell.sh("rl set GET:/pay")).isEqualTo(2);
    assertThat(shell.err()).contains("nothing to change");
  }

  @Test
  void theLogTakesABarePath() {
    sh("disable GET:/pay --reason one");
    sh("disable POST:/pay --reason two");
    sh("disable GET:/orders --reason three");
    sh("log --route /pay");
    assertThat(shell.out()).contains("one", "two").doesNotContain("three");
    sh("log --route GET:/pay");
    assertThat(shell.out()).contains("one").doesNotContain("two");
  }

  @Test
  void severalRoutesAndPatternsAreOneChange() {
    sh("disable GET:/pay GET:/orders --reason both -o name");
    assertThat(shell.out().lines()).containsExactlyInAnyOrder("GET:/pay", "GET:/orders");
    long revision = admin.engine.snapshot().head().revision();
    sh("enable GET:/** -o name");
    assertThat(shell.out().lines()).containsExactlyInAnyOrder("GET:/pay", "GET:/orders");
    assertThat(admin.engine.snapshot().head().revision()).isEqualTo(revision + 1);
    assertThat(shell.sh("disable GET:/nope/**")).isEqualTo(3);
    assertThat(shell.err()).contains("no route that can be changed matches 'GET:/nope/**'");
    assertThat(shell.sh("disable GET:/pay GET:/nope")).isEqualTo(3);
    sh("status GET:/pay -o json");
    assertThat(shell.json().getString("status")).as("all or none").isEqualTo("active");
    shell.atTerminal("n\n");
    assertThat(shell.sh("disable GET:/**")).isEqualTo(1);
    assertThat(shell.err()).contains("This changes 2 routes: GET:/orders, GET:/pay. Go on? [y/N]");
    shell.typing("y\n");
    sh("disable GET:/**");
    shell.typing("");
    sh("enable GET:/** --yes");
  }

  @Test
  void limitsOfFleetAndServiceHaveNamesOfPeople() {
    sh("global-rate-limit set 900/minute");
    sh("rate-limits set GET:/pay 5/minute");
    sh("explain GET:/pay");
    assertThat(shell.out()).containsPattern("rate_limits +\\[global rate limit], GET:/pay");
    sh("explain GET:/pay -o json");
    assertThat(shell.out()).contains("__shield:global_rl__");
  }

  /** What somebody forgets while the question stands is left out, unless it was named. */
  @Test
  void whatAPatternMatchedAndIsGoneByThenIsLeftOut() {
    admin.make("GET:/gone", "POST:/gone");
    shell.atTerminal("y\n").whenAsked(() -> forget("GET:/gone"));
    sh("disable GET:/**");
    assertThat(admin.engine.routes().get("GET:/orders").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(admin.engine.snapshot().state("GET:/gone")).isNull();

    shell.typing("y\n").whenAsked(() -> forget("POST:/gone"));
    assertThat(shell.sh("enable POST:/gone GET:/**")).as("it was named").isEqualTo(3);
    assertThat(admin.engine.routes().get("GET:/orders").status()).isEqualTo(RouteStatus.DISABLED);
  }

  private void forget(String route) {
    await(admin.engine.routes().forget(route, true, null, ALICE, "gone"));
  }

  /** As scripts of 0.8 expect, it is done where nobody can be asked. */
  @Test
  void closingEverythingIsAskedAtATerminal() {
    sh("global enable --exempt /orders");
    assertThat(shell.err()).contains("2 routes are closed");
    sh("global disable");
    shell.atTerminal("n\n");
    assertThat(shell.sh("global enable")).isEqualTo(1);
    assertThat(shell.err()).contains("This closes 3 routes, of all services. Go on?");
    assertThat(admin.engine.snapshot().globalMaintenance().enabled()).isFalse();
    sh("global enable --yes");
  }

  @Test
  void tablesFitTheTerminal() {
    sh("disable GET:/pay --reason " + "long-".repeat(40));
    shell.atTerminal("").set("COLUMNS", "60").set("NO_COLOR", "1");
    sh("status");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 60);
    assertThat(shell.out()).contains("\u2026");
    assertThat(shell.out()).as("what commands take is whole").contains("POST:/pay ");
    sh("log");
    assertThat(shell.out()).containsPattern("[0-9]s ago +GET:/pay +disab");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 60);
    sh("log --wide");
    assertThat(shell.out()).containsPattern("[0-9]s ago +GET:/pay +disable").doesNotContain("{");
    assertThat(shell.out()).contains("active > disabled");
    sh("explain GET /pay");
    assertThat(shell.out()).as("fields are whole").contains("long-".repeat(40));
    sh("disable GET:/pay --until 2h --reason " + "long-".repeat(40));
    sh("status --wide");
    assertThat(shell.out()).contains("ends in 2h");
    assertThat(shell.out()).contains("long-".repeat(40));
    sh("status --help");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 60);
  }
}
