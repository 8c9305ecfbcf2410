package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.decision.Decision;
import io.shield.fixtures.MutableClock;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Gates;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The moments at which windows and {@code until} change an effective status. */
class EdgesTest extends EngineTest {
  private static final String KEY = "GET:/a";

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();

  private ShieldEngine engine() {
    return started(on(store).setClock(clock));
  }

  private ShieldEngine engineWithRoute() {
    ShieldEngine engine = engine();
    register(engine, KEY);
    return engine;
  }

  private static Instant minutes(long count) {
    return MutableClock.START.plus(Duration.ofMinutes(count));
  }

  private static RouteAction window(long from, long to) {
    return new RouteAction.Schedule(new MaintenanceWindow(minutes(from), minutes(to), "migration"));
  }

  private static Decision decision(ShieldEngine engine) {
    Gates gates = EngineInternals.of(engine).gates();
    return gates.verdict(gates.slots(List.of("/a"))[0], HttpMethod.GET).decision();
  }

  /** The announcements, oldest first. */
  private List<AuditEntry> announced() {
    List<AuditEntry> entries = new ArrayList<>(auditOf(store));
    java.util.Collections.reverse(entries);
    return entries.stream().filter(entry -> entry.actor().equals("scheduler")).toList();
  }

  private void assertAnnounced(String... actions) {
    eventually(
        () -> assertThat(announced()).extracting(AuditEntry::action).containsExactly(actions));
  }

  /** Waits until every announcer has looked at least once since now. */
  private void letAnnouncersLook() {
    // An edge of a route of its own, one minute ahead of the clock and then behind it, shows that
    // an announcer that started after this one's look has looked too.
    ShieldEngine witness = engine();
    String key = "GET:/witness" + auditOf(store).size();
    register(witness, key);
    await(witness.routes().disable(key, ALICE, "", clock.instant().plus(Duration.ofMillis(1))));
    clock.advance(Duration.ofMillis(1));
    eventually(() -> assertThat(announced()).extracting(AuditEntry::path).contains(key));
  }

  private List<AuditEntry> announcedOf(String key) {
    return announced().stream().filter(entry -> entry.path().equals(key)).toList();
  }

  @Test
  void aWindowIsAnnouncedWhenItOpensAndWhenItCloses() {
    ShieldEngine engine = engineWithRoute();
    await(engine.routes().apply(KEY, window(10, 20), ALICE));
    RouteState state = engine.snapshot().state(KEY);
    clock.set(minutes(10));
    assertAnnounced("maintenance_on");
    AuditEntry on = announced().get(0);
    assertThat(on.path()).isEqualTo(KEY);
    assertThat(on.platform()).isEqualTo("system");
    assertThat(on.previousStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(on.nextStatus()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(on.reason()).isEqualTo("migration");
    assertThat(on.timestamp()).isEqualTo(minutes(10));
    assertThat(on.changes()).isEmpty();
    clock.set(minutes(25));
    assertAnnounced("maintenance_on", "maintenance_off");
    AuditEntry off = announced().get(1);
    assertThat(off.previousStatus()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(off.nextStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(off.timestamp()).isEqualTo(minutes(25));
    // The route itself was not written.
    assertThat(contentOf(store).state(KEY)).isEqualTo(state);
    assertThat(contentOf(store).documents().get("edge:" + KEY).value().content())
        .isEqualTo(minutes(20).toString());
  }

  /** The method's new state begins as a copy of the path's, whose past is not its own. */
  @Test
  void aCanaryOnAMethodAnnouncesNothingOfTheWindowItCopies() {
    ShieldEngine engine = engine();
    register(engine, "/a");
    await(engine.routes().apply("/a", window(10, 20), ALICE));
    clock.set(minutes(30));
    assertAnnounced("maintenance_on", "maintenance_off");
    await(engine.routes().canary("GET:/a", ALICE, 5));
    letAnnouncersLook();
    assertThat(announcedOf("GET:/a")).isEmpty();
    assertThat(announcedOf("/a")).hasSize(2);
  }

  @Test
  void severalEdgesThatPassedAreAnnouncedTogether() {
    ShieldEngine engine = engineWithRoute();
    await(engine.routes().apply(KEY, window(10, 20), ALICE));
    clock.set(minutes(30));
    assertAnnounced("maintenance_on", "maintenance_off");
    assertThat(announced())
        .extracting(AuditEntry::revision)
        .containsOnly(contentOf(store).head().revision());
  }

  @Test
  void theEndOfUntilIsAnnounced() {
    ShieldEngine engine = engineWithRoute();
    await(engine.routes().disable(KEY, ALICE, "hotfix", minutes(5)));
    clock.set(minutes(5));
    assertAnnounced("enable");
    AuditEntry entry = announced().get(0);
    assertThat(entry.previousStatus()).isEqualTo(RouteStatus.DISABLED);
    assertThat(entry.nextStatus()).isEqualTo(RouteStatus.ACTIVE);
    await(engine.routes().maintenance(KEY, ALICE, "", minutes(10)));
    clock.set(minutes(10));
    assertAnnounced("enable", "maintenance_off");
  }

  @Test
  void theBaseDecidesWhatIsAnnounced() {
    ShieldEngine engine = engine();
    register(engine, "GET:/active", "GET:/gated", "GET:/old", "GET:/off");
    await(engine.routes().envGate("GET:/gated", ALICE, List.of("staging")));
    await(engine.routes().deprecate("GET:/old", ALICE, null, null, ""));
    for (String path : List.of("/active", "/gated", "/old", "/off")) {
      await(engine.routes().apply("GET:" + path, window(10, 20), ALICE));
    }
    await(engine.routes().disable("GET:/off", ALICE, ""));
    clock.set(minutes(10));
    eventually(() -> assertThat(announced()).hasSize(3));
    clock.set(minutes(20));
    eventually(() -> assertThat(announced()).hasSize(6));
    letAnnouncersLook();
    assertThat(announcedOf("GET:/active"))
        .extracting(AuditEntry::nextStatus)
        .containsExactly(RouteStatus.MAINTENANCE, RouteStatus.ACTIVE);
    assertThat(announcedOf("GET:/gated"))
        .extracting(AuditEntry::nextStatus)
        .containsExactly(RouteStatus.MAINTENANCE, RouteStatus.ENV_GATED);
    assertThat(announcedOf("GET:/gated"))
        .extracting(AuditEntry::action)
        .containsExactly("maintenance_on", "maintenance_off");
    assertThat(announcedOf("GET:/old"))
        .extracting(AuditEntry::nextStatus)
        .containsExactly(RouteStatus.MAINTENANCE, RouteStatus.DEPRECATED);
    // A disabled route stays closed through its window and after it.
    assertThat(announcedOf("GET:/off")).isEmpty();
    assertThat(engine.routes().get("GET:/off").status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void oneOfAFleetAnnounces() {
    List<ShieldEngine> fleet = List.of(engineWithRoute(), engine(), engine());
    Map<ShieldEngine, List<ShieldChange>> heard = new LinkedHashMap<>();
    for (ShieldEngine engine : fleet) {
      List<ShieldChange> own = new CopyOnWriteArrayList<>();
      heard.put(engine, own);
      engine.onChange(own::add);
    }
    for (int i = 0; i < 10; i++) {
      await(fleet.get(i % 3).routes().apply(KEY, window(i * 10 + 5, i * 10 + 8), ALICE));
      fleet.forEach(
          engine -> eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(store))));
      for (Instant edge : List.of(minutes(i * 10 + 5), minutes(i * 10 + 8))) {
        clock.set(edge);
        heard.values().forEach(own -> eventually(() -> assertHeard(own, edge)));
      }
    }
    letAnnouncersLook();
    assertThat(announcedOf(KEY)).hasSize(20);
    assertThat(announcedOf(KEY)).extracting(AuditEntry::timestamp).doesNotHaveDuplicates();
  }

  private static void assertHeard(List<ShieldChange> changes, Instant edge) {
    DocumentKey document = DocumentKey.document("edge:" + KEY);
    assertThat(changes)
        .filteredOn(change -> change.changed().contains(document))
        .filteredOn(change -> change.routes().contains(KEY))
        .anySatisfy(
            change ->
                assertThat(change.after().value(document))
                    .isEqualTo(new OpaqueDocument(edge.toString())));
  }

  @Test
  void anEdgeThatNobodyWasUpForIsAnnouncedLate() {
    ShieldEngine first = engineWithRoute();
    await(first.routes().apply(KEY, window(10, 20), ALICE));
    await(first.close());
    clock.set(minutes(60));
    ShieldEngine late = engine();
    ShieldEngine later = engine();
    assertAnnounced("maintenance_on", "maintenance_off");
    assertThat(announced()).extracting(AuditEntry::timestamp).containsOnly(minutes(60));
    letAnnouncersLook();
    assertThat(announcedOf(KEY)).hasSize(2);
    // The process was down at the window's end, and yet the route is open.
    assertThat(decision(late)).isEqualTo(Decision.ALLOW);
    assertThat(decision(later)).isEqualTo(Decision.ALLOW);
  }

  @Test
  void edgesBeforeTheStateWasSetAreNotAnnounced() {
    ShieldEngine engine = engineWithRoute();
    clock.set(minutes(15));
    await(engine.routes().apply(KEY, window(10, 20), ALICE));
    assertThat(decision(engine)).isInstanceOf(Decision.Maintenance.class);
    clock.set(minutes(20));
    assertAnnounced("maintenance_off");
  }

  @Test
  void aCancelledWindowIsNotAnnounced() {
    ShieldEngine engine = engineWithRoute();
    await(engine.routes().apply(KEY, window(10, 20), ALICE));
    await(engine.routes().cancelSchedule(KEY, ALICE));
    clock.set(minutes(30));
    letAnnouncersLook();
    assertThat(announcedOf(KEY)).isEmpty();
  }

  @Test
  void aClockSetBackAnnouncesNothingTwice() {
    ShieldEngine engine = engineWithRoute();
    await(engine.routes().apply(KEY, window(10, 20), ALICE));
    clock.set(minutes(10));
    assertAnnounced("maintenance_on");
    clock.set(minutes(5));
    // What is in force follows the clock, as it does everywhere.
    assertThat(decision(engine)).isEqualTo(Decision.ALLOW);
    clock.set(minutes(10));
    assertThat(decision(engine)).isInstanceOf(Decision.Maintenance.class);
    letAnnouncersLook();
    assertThat(announcedOf(KEY)).hasSize(1);
    clock.set(minutes(20));
    eventually(() -> assertThat(announcedOf(KEY)).hasSize(2));
    ShieldEngine other = engine();
    clock.set(minutes(12));
    letAnnouncersLook();
    clock.set(minutes(21));
    letAnnouncersLook();
    assertThat(announcedOf(KEY)).hasSize(2);
    assertThat(other.routes().get(KEY).status()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void enforcementNeedsNoAnnouncer() {
    ScriptedBackend backend = new ScriptedBackend();
    ShieldEngine engine = started(on(backend).setClock(clock).setHeadInterval(NEVER));
    register(engine, KEY);
    await(engine.routes().apply(KEY, window(10, 20), ALICE));
    Snapshot before = contentOf(backend.store);
    backend.commit.fail(ScriptedBackend.unreachable());
    assertThat(decision(engine)).isEqualTo(Decision.ALLOW);
    clock.set(minutes(10));
    assertThat(decision(engine)).isInstanceOf(Decision.Maintenance.class);
    assertThat(engine.routes().get(KEY).status()).isEqualTo(RouteStatus.MAINTENANCE);
    clock.set(minutes(20).minusMillis(1));
    assertThat(decision(engine)).isInstanceOf(Decision.Maintenance.class);
    clock.set(minutes(20));
    assertThat(decision(engine)).isEqualTo(Decision.ALLOW);
    assertThat(contentOf(backend.store)).isEqualTo(before);
  }

  @Test
  void anAnnouncementThatFailsIsMadeLater() {
    ScriptedBackend backend = new ScriptedBackend();
    ShieldEngine engine = started(on(backend).setClock(clock));
    register(engine, KEY);
    await(engine.routes().disable(KEY, ALICE, "", minutes(5)));
    backend.asked.clear();
    backend.commit.failOnce(new io.shield.spi.ChangeRefusedException("disk full", null));
    clock.set(minutes(5));
    eventually(() -> assertThat(auditOf(backend.store)).hasSize(2));
    assertThat(backend.asked).hasSize(2);
  }

  @Test
  void anUnreadableRecordIsWrittenAnew() {
    ShieldEngine engine = engineWithRoute();
    await(engine.documents().put("edge:" + KEY, "yesterday", 0));
    await(engine.routes().disable(KEY, ALICE, "", minutes(5)));
    clock.set(minutes(5));
    assertAnnounced("enable");
    eventually(
        () ->
            assertThat(engine.documents().get("edge:" + KEY).orElseThrow().value().content())
                .isEqualTo(minutes(5).toString()));
  }
}
