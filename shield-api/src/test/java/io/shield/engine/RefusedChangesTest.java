package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A refused change leaves no trace: neither in the store nor in the audit log. */
class RefusedChangesTest extends EngineTest {
  private static final String KEY = "GET:/payments";

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(on(store).setClock(clock));
    register(engine, KEY, "GET:/other");
  }

  private static Instant hours(long count) {
    return MutableClock.START.plus(Duration.ofHours(count));
  }

  private Throwable refused(Future<?> change) {
    Throwable failure = failureOf(change);
    assertThat(engine.snapshot()).isEqualTo(contentOf(store));
    return failure;
  }

  private Throwable refused(RouteAction action) {
    Snapshot before = contentOf(store);
    int logged = auditOf(store).size();
    Throwable failure = refused(engine.routes().apply(KEY, action, ALICE));
    assertThat(contentOf(store)).isEqualTo(before);
    assertThat(auditOf(store)).hasSize(logged);
    return failure;
  }

  @Test
  void untilMustLieInTheFuture() {
    Instant now = clock.instant();
    List<RouteAction> actions =
        List.of(
            new RouteAction.Disable("", now),
            new RouteAction.Disable("", now.minusSeconds(1)),
            new RouteAction.Maintenance("", now),
            new RouteAction.EnvGate(List.of("dev"), null, now),
            new RouteAction.Deprecate(null, null, "", now));
    for (RouteAction action : actions) {
      assertThat(refused(action))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContainingAll("until", "later than now (" + now + ")");
    }
  }

  @Test
  void untilMustBeAYearThatCanBeWritten() {
    assertThat(refused(new RouteAction.Disable("", Instant.parse("+12000-01-01T00:00:00Z"))))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("until");
  }

  @Test
  void aWindowMustEndInTheFuture() {
    MaintenanceWindow past = new MaintenanceWindow(hours(-2), hours(0), "");
    assertThat(refused(new RouteAction.Schedule(past)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("end", hours(0).toString(), "later than now");
  }

  @Test
  void aWindowOverAMaintenanceOfNowIsAConflict() {
    RouteAction schedule = new RouteAction.Schedule(new MaintenanceWindow(hours(1), hours(2), ""));
    await(engine.routes().maintenance(KEY, ALICE, "db"));
    assertThat(refused(schedule))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContainingAll(KEY, "enable it first", "until");
    await(engine.routes().maintenance(KEY, ALICE, "db", hours(9)));
    assertThat(refused(schedule)).isInstanceOf(ChangeConflictException.class);
  }

  @Test
  void forceActiveRefusesEveryAction() {
    await(engine.register(List.of(RouteState.builder(KEY).forceActive(true).build())));
    List<RouteAction> actions =
        List.of(
            new RouteAction.Enable(""),
            new RouteAction.Disable("", null),
            new RouteAction.Maintenance("", null),
            new RouteAction.Schedule(new MaintenanceWindow(hours(1), hours(2), "")),
            new RouteAction.CancelSchedule(""),
            new RouteAction.EnvGate(List.of("dev"), null, null),
            new RouteAction.Deprecate(null, null, "", null),
            new RouteAction.Canary(5, ""));
    for (RouteAction action : actions) {
      assertThat(refused(action))
          .isInstanceOf(ChangeConflictException.class)
          .hasMessageContainingAll(KEY, "force-active");
    }
  }

  @Test
  void anotherVersionIsRefused() {
    long version = engine.snapshot().state(KEY).version();
    Snapshot before = contentOf(store);
    Throwable failure =
        refused(
            engine
                .routes()
                .applyAll(
                    List.of(new Routes.Command(KEY, new RouteAction.Enable(""), version + 1)),
                    ALICE));
    assertThat(failure)
        .isInstanceOfSatisfying(
            VersionMismatchException.class, e -> assertThat(e.actual()).isEqualTo(version))
        .hasMessageContainingAll(KEY, "version " + version, "not " + (version + 1));
    assertThat(contentOf(store)).isEqualTo(before);
    assertThat(auditOf(store)).isEmpty();
  }

  @Test
  void badExemptPathsAreNamed() {
    Snapshot before = contentOf(store);
    MaintenanceMode mode = new MaintenanceMode(true, "", List.of("/ok", "no path"), false);
    assertThat(refused(engine.maintenance().setGlobal(mode, ALICE)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("exempt_paths", "'no path'", "route key");
    assertThat(refused(engine.maintenance().enableService("a/b", ALICE, "")))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("service");
    assertThat(contentOf(store)).isEqualTo(before);
    assertThat(auditOf(store)).isEmpty();
  }

  @Test
  void actionsCheckTheirValues() {
    String long5000 = "x".repeat(5000);
    assertInvalid(() -> new RouteAction.Enable(long5000), "reason");
    assertInvalid(() -> new RouteAction.Disable(long5000, null), "reason");
    assertInvalid(() -> new RouteAction.Maintenance(long5000, null), "reason");
    assertInvalid(() -> new RouteAction.CancelSchedule(long5000), "reason");
    assertInvalid(() -> new RouteAction.EnvGate(List.of("dev"), long5000, null), "reason");
    assertInvalid(() -> new RouteAction.EnvGate(List.of(), null, null), "envs");
    assertInvalid(() -> new RouteAction.Deprecate("soon", null, "", null), "sunset_date");
    assertInvalid(() -> new RouteAction.Deprecate(null, "/a b", "", null), "successor_path");
    assertInvalid(() -> new RouteAction.Deprecate(null, "/a>;x", "", null), "successor_path");
    assertInvalid(() -> new RouteAction.Deprecate(null, "", "", null), "successor_path");
    assertInvalid(() -> new RouteAction.Canary(101, ""), "percentage");
    assertInvalid(() -> new RouteAction.Canary(-1, ""), "percentage");
  }

  private static void assertInvalid(Runnable making, String field) {
    assertThatThrownBy(making::run)
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.field()).isEqualTo(field));
  }
}
