package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several actions as one change. */
class BulkChangesTest extends EngineTest {
  private static final RouteAction DISABLE = new RouteAction.Disable("bulk", null);

  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(store);
    register(engine, "GET:/a", "GET:/b", "GET:/c");
  }

  private void assertRefused(List<Routes.Command> commands, Class<?> type, String... words) {
    Snapshot before = contentOf(store);
    assertThat(failureOf(engine.routes().applyAll(commands, ALICE)))
        .isInstanceOf(type)
        .hasMessageContainingAll(words);
    assertThat(contentOf(store)).isEqualTo(before);
    assertThat(auditOf(store)).isEmpty();
  }

  @Test
  void oneCommitWithOneEntryEachAndResultsInOrder() {
    long revision = engine.snapshot().head().revision();
    List<RouteState> states =
        await(
            engine
                .routes()
                .applyAll(
                    List.of(
                        Routes.Command.of("GET:/c", DISABLE),
                        Routes.Command.of("GET:/a", new RouteAction.CancelSchedule("")),
                        Routes.Command.of("/b", new RouteAction.Maintenance("db", null))),
                    ALICE));
    assertThat(states).extracting(RouteState::path).containsExactly("GET:/c", "GET:/a", "GET:/b");
    assertThat(states)
        .extracting(RouteState::status)
        .containsExactly(RouteStatus.DISABLED, RouteStatus.ACTIVE, RouteStatus.MAINTENANCE);
    states.forEach(state -> assertThat(engine.snapshot().state(state.path())).isEqualTo(state));
    assertThat(contentOf(store).head().revision()).isEqualTo(revision + 1);
    // Nothing was to be cancelled on /a.
    assertThat(auditOf(store))
        .extracting(AuditEntry::path)
        .containsExactlyInAnyOrder("GET:/c", "GET:/b");
    assertThat(auditOf(store))
        .extracting(AuditEntry::revision)
        .containsExactly(revision + 1, revision + 1);
  }

  @Test
  void oneUnknownRouteRefusesAll() {
    assertRefused(
        List.of(Routes.Command.of("GET:/a", DISABLE), Routes.Command.of("GET:/nowhere", DISABLE)),
        UnknownRouteException.class,
        "/nowhere");
  }

  @Test
  void oneWrongVersionRefusesAll() {
    assertRefused(
        List.of(Routes.Command.of("GET:/a", DISABLE), new Routes.Command("GET:/b", DISABLE, 99L)),
        VersionMismatchException.class,
        "GET:/b");
  }

  @Test
  void oneBadValueRefusesAll() {
    RouteAction late = new RouteAction.Disable("", java.time.Instant.EPOCH.plusSeconds(1));
    assertRefused(
        List.of(Routes.Command.of("GET:/a", DISABLE), Routes.Command.of("GET:/b", late)),
        InvalidValueException.class,
        "until");
  }

  @Test
  void oneWindowThatWouldOpenARouteRefusesAll() {
    Instant now = Instant.now();
    MaintenanceWindow open = new MaintenanceWindow(now, now.plusSeconds(3600), "now");
    MaintenanceWindow later =
        new MaintenanceWindow(now.plusSeconds(7200), now.plusSeconds(7300), "later");
    await(engine.routes().schedule("GET:/b", ALICE, open));
    List<Routes.Command> commands =
        List.of(
            Routes.Command.of("GET:/a", new RouteAction.Schedule(later)),
            Routes.Command.of("GET:/b", new RouteAction.Schedule(later)));
    Snapshot before = contentOf(store);
    assertThatThrownBy(() -> engine.routes().preview(commands, ALICE))
        .isInstanceOf(ChangeConflictException.class);
    assertThat(failureOf(engine.routes().applyAll(commands, ALICE)))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContainingAll("GET:/b", "under maintenance now");
    assertThat(contentOf(store)).isEqualTo(before);
  }

  @Test
  void aRouteNamedTwiceIsRefused() {
    assertRefused(
        List.of(Routes.Command.of("GET:/a", DISABLE), Routes.Command.of("GET:/a", DISABLE)),
        InvalidValueException.class,
        "GET:/a",
        "once");
    assertRefused(
        List.of(Routes.Command.of("GET:/a", DISABLE), Routes.Command.of("/a", DISABLE)),
        InvalidValueException.class,
        "'/a'",
        "once");
  }

  @Test
  void noCommandAtAllIsRefused() {
    assertRefused(List.of(), InvalidValueException.class, "commands", "at least one");
  }
}
