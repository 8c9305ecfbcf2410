package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.RouteAction;
import io.shield.ShieldEngine;
import io.shield.decision.EffectiveStatus;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.MutableClock;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Next week's work is planned during tonight's. */
class SeveralWindowsTest extends EngineTest {
  private static final Instant NOW = MutableClock.START;

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(on(store).setClock(clock));
    register(engine, "GET:/a");
  }

  private static MaintenanceWindow window(int from, int to) {
    return new MaintenanceWindow(NOW.plusSeconds(from), NOW.plusSeconds(to), from + "-" + to);
  }

  private RouteState schedule(MaintenanceWindow window, boolean add) {
    return await(
        engine
            .routes()
            .apply(
                "GET:/a",
                new RouteAction.Schedule(window, RouteAction.Allow.AS_BEFORE, add),
                ALICE));
  }

  private Throwable refused(MaintenanceWindow window, boolean add) {
    return failureOf(
        engine
            .routes()
            .apply(
                "GET:/a",
                new RouteAction.Schedule(window, RouteAction.Allow.AS_BEFORE, add),
                ALICE));
  }

  @Test
  void addedWindowsAreKeptInOrder() {
    schedule(window(100, 200), false);
    schedule(window(300, 400), true);
    assertThat(schedule(window(10, 20), true).windows())
        .containsExactly(window(10, 20), window(100, 200), window(300, 400));
    assertThat(schedule(window(200, 300), true).windows()).as("may touch").hasSize(4);
    assertThat(schedule(window(50, 60), false).windows())
        .as("replaces what is not in force")
        .containsExactly(window(50, 60));
  }

  @Test
  void anOverlapIsAConflictThatNamesIt() {
    schedule(window(100, 200), false);
    assertThat(refused(window(150, 250), true))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContainingAll("GET:/a", window(100, 200).start().toString());
    assertThatThrownBy(
            () -> RouteState.builder("GET:/a").windows(List.of(window(1, 5), window(4, 6))).build())
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("windows");
  }

  @Test
  void duringOneTheNextIsPlanned() {
    schedule(window(0, 100), false);
    assertThat(refused(window(500, 600), false)).isInstanceOf(ChangeConflictException.class);
    RouteState planned = schedule(window(500, 600), true);
    assertThat(planned.reason()).as("of what is in force").isEqualTo("0-100");
    assertThat(EffectiveStatus.at(planned, clock.instant())).isEqualTo(RouteStatus.MAINTENANCE);
    clock.advance(Duration.ofSeconds(100));
    assertThat(engine.routes().get("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
    clock.advance(Duration.ofSeconds(400));
    assertThat(engine.routes().get("GET:/a").status()).isEqualTo(RouteStatus.MAINTENANCE);
  }

  @Test
  void everyEdgeIsAnnouncedOnceWithItsReason() {
    schedule(window(10, 20), false);
    schedule(window(30, 40), true);
    for (int i = 1; i <= 4; i++) {
      int edges = i;
      clock.advance(Duration.ofSeconds(10));
      eventually(() -> assertThat(auditOf(store)).hasSize(2 + edges));
    }
    assertThat(auditOf(store))
        .extracting(AuditEntry::actor, AuditEntry::action, AuditEntry::reason)
        .startsWith(
            org.assertj.core.groups.Tuple.tuple("scheduler", "maintenance_off", ""),
            org.assertj.core.groups.Tuple.tuple("scheduler", "maintenance_on", "30-40"),
            org.assertj.core.groups.Tuple.tuple("scheduler", "maintenance_off", ""),
            org.assertj.core.groups.Tuple.tuple("scheduler", "maintenance_on", "10-20"));
  }

  @Test
  void whoKnowsOneWindowSeesTheCurrentOrTheNext() {
    RouteState state =
        RouteState.builder("GET:/a").windows(List.of(window(10, 20), window(30, 40))).build();
    assertThat(shown(state, 0)).isEqualTo(window(10, 20).start());
    assertThat(shown(state, 19)).isEqualTo(window(10, 20).start());
    assertThat(shown(state, 20)).isEqualTo(window(30, 40).start());
    assertThat(shown(state, 99)).isEqualTo(window(30, 40).start());
  }

  private static Instant shown(RouteState state, int second) {
    Instant now = NOW.plusSeconds(second);
    ObjectNode json = ShieldJson.writeShown(state, EffectiveStatus.at(state, now), now);
    assertThat(ShieldJson.readRouteState(json)).as("nothing is lost").isEqualTo(state);
    return Instant.parse(json.at("/window/start").textValue());
  }

  @Test
  void oneWindowIsWrittenAsItAlwaysWas() {
    RouteState state = RouteState.builder("GET:/a").window(window(10, 20)).build();
    assertThat(ShieldJson.write(state).has("windows")).isFalse();
  }

  @Test
  void cancellingTakesThemAll() {
    schedule(window(10, 20), false);
    schedule(window(30, 40), true);
    assertThat(await(engine.routes().cancelSchedule("GET:/a", ALICE)).windows()).isEmpty();
  }
}
