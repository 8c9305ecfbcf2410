package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.error.ChangeConflictException;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.audit.Platform;
import io.shield.model.store.Head;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each operation stores, means and writes into the audit log. */
class RouteOperationsTest extends EngineTest {
  private static final String KEY = "GET:/payments";
  private static final Actor BOB = new Actor("bob", Platform.DASHBOARD, "carol");

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(on(store).setClock(clock));
    register(engine, KEY);
  }

  private static Instant hours(long count) {
    return MutableClock.START.plus(Duration.ofHours(count));
  }

  private static MaintenanceWindow window(long from, long to) {
    return new MaintenanceWindow(hours(from), hours(to), "migration");
  }

  /** Does an operation and checks what holds after every accepted one. */
  private RouteState done(
      Function<Routes, Future<RouteState>> operation, String action, String reason) {
    RouteState before = engine.snapshot().state(KEY);
    Head head = engine.snapshot().head();
    int logged = auditOf(store).size();
    clock.advance(Duration.ofSeconds(1));
    RouteState after = await(operation.apply(engine.routes()));

    assertThat(engine.snapshot().state(KEY)).isEqualTo(after);
    assertThat(contentOf(store).state(KEY)).isEqualTo(after);
    assertThat(after.version()).isEqualTo(head.revision() + 1);
    assertThat(after.origin()).isEqualTo(Origin.RUNTIME);
    assertThat(engine.snapshot().head().revision()).isEqualTo(head.revision() + 1);
    assertThat(auditOf(store)).hasSize(logged + 1);
    AuditEntry entry = auditOf(store).get(0);
    assertThat(entry.action()).isEqualTo(action);
    assertThat(entry.reason()).isEqualTo(reason);
    assertThat(entry.path()).isEqualTo(KEY);
    assertThat(entry.service()).isNull();
    assertThat(entry.actor()).isEqualTo("bob");
    assertThat(entry.platform()).isEqualTo("dashboard");
    assertThat(entry.onBehalfOf()).isEqualTo("carol");
    assertThat(entry.timestamp()).isEqualTo(clock.instant());
    assertThat(entry.previousStatus()).isEqualTo(before.status());
    assertThat(entry.nextStatus()).isEqualTo(after.status());
    assertThat(entry.revision()).isEqualTo(after.version());
    assertThat(entry.reported()).isFalse();
    return after;
  }

  private RouteState done(RouteAction action, String logged, String reason) {
    return done(routes -> routes.apply(KEY, action, BOB), logged, reason);
  }

  private List<FieldChange> lastChanges() {
    return auditOf(store).get(0).changes();
  }

  private void assertStatus(RouteStatus expected) {
    assertThat(engine.routes().get(KEY).status()).isEqualTo(expected);
  }

  @Test
  void disableClosesUntilEnabled() {
    RouteState state = done(routes -> routes.disable(KEY, BOB, "hotfix"), "disable", "hotfix");
    assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(state.reason()).isEqualTo("hotfix");
    assertThat(state.until()).isNull();
    assertThat(state.since()).isEqualTo(clock.instant());
    assertStatus(RouteStatus.DISABLED);
    assertThat(lastChanges())
        .containsExactlyInAnyOrder(
            new FieldChange("status", "\"active\"", "\"disabled\""),
            new FieldChange("reason", "\"\"", "\"hotfix\""),
            new FieldChange("origin", "\"code\"", "\"runtime\""));
    clock.advance(Duration.ofDays(1000));
    assertStatus(RouteStatus.DISABLED);
  }

  @Test
  void disableUntilOpensByItself() {
    RouteState state = done(routes -> routes.disable(KEY, BOB, "", hours(2)), "disable", "");
    assertThat(state.until()).isEqualTo(hours(2));
    assertStatus(RouteStatus.DISABLED);
    clock.set(hours(2));
    assertStatus(RouteStatus.ACTIVE);
    assertThat(engine.snapshot().state(KEY).status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void disableAgainForgetsTheOldTime() {
    done(routes -> routes.disable(KEY, BOB, "", hours(2)), "disable", "");
    RouteState state = done(routes -> routes.disable(KEY, BOB, "longer"), "disable", "longer");
    assertThat(state.until()).isNull();
    assertThat(lastChanges()).contains(new FieldChange("until", "\"" + hours(2) + "\"", "null"));
  }

  @Test
  void enableClearsWindowAndUntil() {
    done(new RouteAction.Schedule(window(4, 5)), "schedule_set", "migration");
    done(routes -> routes.disable(KEY, BOB, "", hours(2)), "disable", "");
    RouteState state = done(routes -> routes.enable(KEY, BOB, "fixed"), "enable", "fixed");
    assertThat(state.status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(state.window()).isNull();
    assertThat(state.until()).isNull();
    assertThat(state.reason()).isEqualTo("fixed");
    assertThat(lastChanges())
        .extracting(FieldChange::field)
        .containsExactlyInAnyOrder("status", "window", "until", "reason");
    clock.set(hours(4));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void disableKeepsTheWindowAndStaysClosedAfterIt() {
    done(new RouteAction.Schedule(window(1, 2)), "schedule_set", "migration");
    RouteState state = done(routes -> routes.disable(KEY, BOB, "x"), "disable", "x");
    assertThat(state.window()).isEqualTo(window(1, 2));
    clock.set(hours(1));
    assertStatus(RouteStatus.DISABLED);
    clock.set(hours(3));
    assertStatus(RouteStatus.DISABLED);
  }

  @Test
  void maintenanceNowClearsTheWindow() {
    done(new RouteAction.Schedule(window(4, 5)), "schedule_set", "migration");
    RouteState state = done(routes -> routes.maintenance(KEY, BOB, "db"), "maintenance_on", "db");
    assertThat(state.status()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(state.window()).isNull();
    assertThat(state.until()).isNull();
    assertStatus(RouteStatus.MAINTENANCE);
    clock.set(hours(9));
    assertStatus(RouteStatus.MAINTENANCE);
  }

  @Test
  void maintenanceUntilOpensByItself() {
    RouteState state =
        done(routes -> routes.maintenance(KEY, BOB, "db", hours(1)), "maintenance_on", "db");
    assertThat(state.until()).isEqualTo(hours(1));
    assertStatus(RouteStatus.MAINTENANCE);
    clock.set(hours(1));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void scheduleChangesOnlyWindowAndReason() {
    RouteState before = engine.snapshot().state(KEY);
    RouteState state =
        done(routes -> routes.schedule(KEY, BOB, window(24, 25)), "schedule_set", "migration");
    assertThat(state)
        .isEqualTo(
            before.toBuilder()
                .window(window(24, 25))
                .reason("migration")
                .since(clock.instant())
                .origin(Origin.RUNTIME)
                .version(state.version())
                .build());
    assertThat(lastChanges())
        .extracting(FieldChange::field)
        .containsExactlyInAnyOrder("window", "reason", "origin");
    // A window for tomorrow does not close the route today.
    assertStatus(RouteStatus.ACTIVE);
    clock.set(hours(24));
    assertStatus(RouteStatus.MAINTENANCE);
    clock.set(hours(25));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void scheduleKeepsStatusAndUntilOfAClosedRoute() {
    done(new RouteAction.EnvGate(List.of("staging"), "gate", hours(9)), "env_gate", "gate");
    RouteState state = done(new RouteAction.Schedule(window(1, 2)), "schedule_set", "migration");
    assertThat(state.status()).isEqualTo(RouteStatus.ENV_GATED);
    assertThat(state.until()).isEqualTo(hours(9));
    assertThat(state.allowedEnvs()).containsExactly("staging");
    assertStatus(RouteStatus.ENV_GATED);
    clock.set(hours(1));
    assertStatus(RouteStatus.MAINTENANCE);
    clock.set(hours(2));
    assertStatus(RouteStatus.ENV_GATED);
    clock.set(hours(9));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void scheduleOverAMaintenanceWhoseTimeIsOver() {
    done(routes -> routes.maintenance(KEY, BOB, "db", hours(1)), "maintenance_on", "db");
    clock.set(hours(2));
    done(new RouteAction.Schedule(window(3, 4)), "schedule_set", "migration");
    assertStatus(RouteStatus.ACTIVE);
    clock.set(hours(3));
    assertStatus(RouteStatus.MAINTENANCE);
    clock.set(hours(4));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void scheduleMayReplaceAWindowAndMayHaveBegun() {
    done(new RouteAction.Schedule(window(5, 6)), "schedule_set", "migration");
    RouteState state = done(new RouteAction.Schedule(window(-1, 2)), "schedule_set", "migration");
    assertThat(state.window()).isEqualTo(window(-1, 2));
    assertStatus(RouteStatus.MAINTENANCE);
  }

  private Throwable refused(RouteAction action) {
    RouteState before = engine.snapshot().state(KEY);
    int logged = auditOf(store).size();
    assertThatThrownBy(() -> engine.routes().preview(List.of(Routes.Command.of(KEY, action)), BOB))
        .isInstanceOf(ChangeConflictException.class);
    Throwable failure = failureOf(engine.routes().apply(KEY, action, BOB));
    assertThat(engine.snapshot().state(KEY)).isEqualTo(before);
    assertThat(auditOf(store)).hasSize(logged);
    return failure;
  }

  @Test
  void aSecondWindowDoesNotOpenARouteThatTheFirstHoldsClosed() {
    done(new RouteAction.Schedule(window(1, 3)), "schedule_set", "migration");
    clock.set(hours(2));
    assertThat(refused(new RouteAction.Schedule(window(5, 6))))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContaining("under maintenance now")
        .hasMessageContaining("enable it first");
    assertStatus(RouteStatus.MAINTENANCE);
    // One that has begun goes on with the maintenance.
    done(new RouteAction.Schedule(window(2, 4)), "schedule_set", "migration");
    assertStatus(RouteStatus.MAINTENANCE);
    clock.set(hours(4));
    done(new RouteAction.Schedule(window(5, 6)), "schedule_set", "migration");
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void aSecondWindowIsRefusedWhateverTheBaseOfTheFirst() {
    RouteState stored =
        RouteState.builder(KEY).status(RouteStatus.MAINTENANCE).window(window(-1, 3)).build();
    await(engine.register(List.of(stored)));
    assertThat(refused(new RouteAction.Schedule(window(5, 6))))
        .isInstanceOf(ChangeConflictException.class);
    done(routes -> routes.enable(KEY, BOB, ""), "enable", "");
    done(new RouteAction.EnvGate(List.of("dev"), "gate", null), "env_gate", "gate");
    done(new RouteAction.Schedule(window(-1, 3)), "schedule_set", "migration");
    assertThat(refused(new RouteAction.Schedule(window(5, 6))))
        .isInstanceOf(ChangeConflictException.class);
  }

  /** As 0.8's {@code disable --until} does, with the present as the start or a bit before it. */
  @Test
  void aWindowThatHasBegunSaysWhenADisabledRouteComesBack() {
    done(routes -> routes.disable(KEY, BOB, "hotfix"), "disable", "hotfix");
    clock.advance(Duration.ofSeconds(1));
    MaintenanceWindow until = new MaintenanceWindow(clock.instant(), hours(2), "");
    RouteState state = done(new RouteAction.Schedule(until), "schedule_set", "");
    assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(state.until()).isEqualTo(hours(2));
    assertThat(state.window()).isNull();
    assertThat(state.reason()).isEqualTo("hotfix");
    assertStatus(RouteStatus.DISABLED);
    clock.set(hours(2));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void aWindowToComeStaysAWindowOverADisabledRoute() {
    done(routes -> routes.disable(KEY, BOB, "hotfix"), "disable", "hotfix");
    RouteState state = done(new RouteAction.Schedule(window(1, 2)), "schedule_set", "migration");
    assertThat(state.until()).isNull();
    assertThat(state.window()).isEqualTo(window(1, 2));
  }

  @Test
  void theAuditLogTellsWhatWasInForceBesideWhatIsStored() {
    done(new RouteAction.Schedule(window(-1, 3)), "schedule_set", "migration");
    AuditEntry entry = auditOf(store).get(0);
    assertThat(entry.previousStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.nextStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.previousEffective()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.nextEffective()).isEqualTo(RouteStatus.MAINTENANCE);
    done(routes -> routes.cancelSchedule(KEY, BOB), "schedule_cancelled", "");
    entry = auditOf(store).get(0);
    assertThat(entry.previousEffective()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(entry.nextEffective()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void cancelRemovesTheWindow() {
    done(new RouteAction.Schedule(window(1, 2)), "schedule_set", "migration");
    RouteState state =
        done(new RouteAction.CancelSchedule("not needed"), "schedule_cancelled", "not needed");
    assertThat(state.window()).isNull();
    assertThat(state.status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(state.reason()).as("the window's").isEmpty();
    assertThat(lastChanges())
        .extracting(FieldChange::field)
        .containsExactlyInAnyOrder("window", "reason");
    clock.set(hours(1));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void cancelInsideTheWindowOpensAtOnce() {
    done(new RouteAction.Schedule(window(1, 2)), "schedule_set", "migration");
    clock.set(hours(1));
    assertStatus(RouteStatus.MAINTENANCE);
    done(routes -> routes.cancelSchedule(KEY, BOB), "schedule_cancelled", "");
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void cancelKeepsTheStatusOfAClosedRoute() {
    done(new RouteAction.Schedule(window(1, 2)), "schedule_set", "migration");
    done(routes -> routes.disable(KEY, BOB, "x", hours(9)), "disable", "x");
    RouteState state = done(routes -> routes.cancelSchedule(KEY, BOB), "schedule_cancelled", "");
    assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(state.until()).isEqualTo(hours(9));
  }

  @Test
  void cancelTurnsAStoredMaintenanceWithAWindowIntoActive() {
    // As 0.8 and code store it.
    RouteState stored =
        RouteState.builder(KEY).status(RouteStatus.MAINTENANCE).window(window(1, 2)).build();
    await(engine.register(List.of(stored)));
    RouteState state = done(routes -> routes.cancelSchedule(KEY, BOB), "schedule_cancelled", "");
    assertThat(state.status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(state.window()).isNull();
    clock.set(hours(1));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void cancelWithoutAWindowCommitsNothing() {
    Head head = contentOf(store).head();
    RouteState before = engine.snapshot().state(KEY);
    assertThat(await(engine.routes().cancelSchedule(KEY, BOB))).isEqualTo(before);
    assertThat(contentOf(store).head()).isEqualTo(head);
    assertThat(auditOf(store)).isEmpty();
  }

  @Test
  void envGateOpensInSomeEnvironments() {
    RouteState state =
        done(
            routes -> routes.envGate(KEY, BOB, List.of("staging", "dev", "staging")),
            "env_gate",
            "Restricted to: ['staging', 'dev']");
    assertThat(state.status()).isEqualTo(RouteStatus.ENV_GATED);
    assertThat(state.allowedEnvs()).containsExactly("staging", "dev");
    assertThat(state.reason()).isEmpty();
    assertStatus(RouteStatus.ENV_GATED);
  }

  @Test
  void envGateKeepsTheReasonOfAGateOnly() {
    done(routes -> routes.disable(KEY, BOB, "hotfix"), "disable", "hotfix");
    RouteAction gate = new RouteAction.EnvGate(List.of("dev"), null, null);
    RouteState first = done(gate, "env_gate", "Restricted to: ['dev']");
    assertThat(first.reason()).as("that of what it was before").isEmpty();
    RouteState given =
        done(new RouteAction.EnvGate(List.of("dev"), "beta", hours(3)), "env_gate", "beta");
    assertThat(given.reason()).isEqualTo("beta");
    assertThat(given.until()).isEqualTo(hours(3));
    assertThat(done(gate, "env_gate", "Restricted to: ['dev']").reason()).isEqualTo("beta");
    done(new RouteAction.EnvGate(List.of("dev"), "beta", hours(3)), "env_gate", "beta");
    clock.set(hours(3));
    assertStatus(RouteStatus.ACTIVE);
  }

  @Test
  void deprecateStoresWhenAndWhatReplacesIt() {
    RouteState state =
        done(
            routes -> routes.deprecate(KEY, BOB, "2031-06-01T00:00:00Z", "/v2/payments", "old"),
            "deprecate",
            "old");
    assertThat(state.status()).isEqualTo(RouteStatus.DEPRECATED);
    assertThat(state.sunsetDate()).isEqualTo("Sun, 01 Jun 2031 00:00:00 GMT");
    assertThat(state.successorPath()).isEqualTo("/v2/payments");
    assertThat(state.deprecatedAt()).isEqualTo(clock.instant());
    assertStatus(RouteStatus.DEPRECATED);
  }

  @Test
  void deprecateAgainKeepsTheFirstMoment() {
    RouteState first = done(new RouteAction.Deprecate(null, null, "a", null), "deprecate", "a");
    RouteState again =
        done(new RouteAction.Deprecate(null, "/v2", "b", hours(2)), "deprecate", "b");
    assertThat(again.deprecatedAt()).isEqualTo(first.deprecatedAt());
    assertThat(again.until()).isEqualTo(hours(2));
    done(routes -> routes.enable(KEY, BOB, ""), "enable", "");
    assertThat(engine.snapshot().state(KEY).deprecatedAt()).isNull();
    RouteState later = done(new RouteAction.Deprecate(null, null, "c", null), "deprecate", "c");
    assertThat(later.deprecatedAt()).isEqualTo(clock.instant());
  }

  @Test
  void deprecateKeepsTheWindow() {
    done(new RouteAction.Schedule(window(1, 2)), "schedule_set", "migration");
    RouteState state = done(new RouteAction.Deprecate(null, null, "", null), "deprecate", "");
    assertThat(state.window()).isEqualTo(window(1, 2));
    assertStatus(RouteStatus.DEPRECATED);
    clock.set(hours(1));
    assertStatus(RouteStatus.MAINTENANCE);
    clock.set(hours(2));
    assertStatus(RouteStatus.DEPRECATED);
  }

  @Test
  void canaryChangesOnlyThePercentage() {
    done(routes -> routes.disable(KEY, BOB, "x", hours(2)), "disable", "x");
    RouteState before = engine.snapshot().state(KEY);
    RouteState state = done(routes -> routes.canary(KEY, BOB, 25), "canary_set", "");
    assertThat(state)
        .isEqualTo(before.toBuilder().canaryPercentage(25).version(state.version()).build());
    assertThat(lastChanges()).containsExactly(new FieldChange("canary_percentage", "0", "25"));
    done(new RouteAction.Canary(100, "all in"), "canary_set", "all in");
  }

  @Test
  void everyChangeOfARouteOfAServiceNamesTheService() {
    String key = "GET:/orders";
    await(engine.register(List.of(RouteState.builder(key).service("orders-service").build())));
    await(engine.routes().disable(key, BOB, ""));
    assertThat(auditOf(store).get(0).service()).isEqualTo("orders-service");
  }

  @Test
  void theServiceIsNamedBesideAKeyThatNamesItToo() {
    String key = "orders-service:GET:/orders";
    await(engine.register(List.of(RouteState.builder(key).service("orders-service").build())));
    await(engine.routes().disable(key, BOB, ""));
    assertThat(auditOf(store).get(0).path()).isEqualTo(key);
    assertThat(auditOf(store).get(0).service()).isEqualTo("orders-service");
  }
}
