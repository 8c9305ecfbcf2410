package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.Routes.RouteView;
import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.decision.Decision;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.MutableClock;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.gate.Gates;
import io.shield.memory.MemoryBackend;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.ChangeRefusedException;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What code declares, and how it becomes stored state. */
class RegistrationTest extends EngineTest {
  private static final String KEY = "GET:/a";
  private static final RouteState PLAIN = RouteState.active(KEY);
  private static final RouteState OFF =
      RouteState.builder(KEY).status(RouteStatus.DISABLED).reason("not ready").build();
  private static final RouteState FORCED = RouteState.builder(KEY).forceActive(true).build();

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();

  private ShieldEngine engine() {
    return started(on(store).setClock(clock));
  }

  private ShieldEngine engineOf(String service) {
    return started(on(store).setClock(clock).setService(service));
  }

  private RouteState stored(String key) {
    return contentOf(store).state(key);
  }

  private final RouteSource application = () -> {};
  private final List<RouteState> declared = new ArrayList<>();

  private static Declarations declarations(RouteState... states) {
    return new Declarations(
        Stream.of(states).map(state -> new Declarations.Route(state, true)).toList(), List.of());
  }

  /** As a handler does that finds one more route. */
  private void declare(ShieldEngine engine, RouteState state) {
    declared.add(state);
    EngineInternals.of(engine)
        .declare(application, declarations(declared.toArray(RouteState[]::new)));
  }

  private static boolean isOpen(ShieldEngine engine, String path) {
    Gates gates = EngineInternals.of(engine).gates();
    int slot = gates.slots(List.of(path))[0];
    return gates.verdict(slot, HttpMethod.GET).decision().equals(Decision.ALLOW);
  }

  @Test
  void theFirstRegistrationIsOneCommitWithoutAuditEntries() {
    ShieldEngine engine = engine();
    long before = contentOf(store).head().revision();
    RouteState gated =
        RouteState.builder("POST:/b")
            .status(RouteStatus.ENV_GATED)
            .allowedEnvs(List.of("staging"))
            .build();
    await(engine.register(List.of(OFF, gated, RouteState.active("/c"))));
    assertThat(contentOf(store).head().revision()).isEqualTo(before + 1);
    assertThat(auditOf(store)).isEmpty();
    assertThat(contentOf(store).states().keySet()).containsExactly(KEY, "POST:/b", "/c");
    assertThat(stored(KEY))
        .isEqualTo(OFF.toBuilder().since(clock.instant()).version(before + 1).build());
    assertThat(stored("POST:/b").allowedEnvs()).containsExactly("staging");
    assertThat(contentOf(store).states().values())
        .extracting(RouteState::origin)
        .containsOnly(Origin.CODE);
  }

  @Test
  void aKnownRouteCommitsNothing() {
    ShieldEngine engine = engine();
    await(engine.register(List.of(OFF)));
    Head head = contentOf(store).head();
    await(engine.register(List.of(OFF)));
    await(engine().register(List.of(OFF)));
    clock.advance(Duration.ofHours(5));
    await(engine().register(List.of(OFF)));
    assertThat(contentOf(store).head()).isEqualTo(head);
  }

  @Test
  void aDeprecationInCodeKeepsItsFirstMoment() {
    RouteState old = RouteState.builder(KEY).status(RouteStatus.DEPRECATED).build();
    await(engine().register(List.of(old)));
    assertThat(stored(KEY).deprecatedAt()).isEqualTo(clock.instant());
    Head head = contentOf(store).head();
    clock.advance(Duration.ofHours(3));
    await(engine().register(List.of(old)));
    assertThat(contentOf(store).head()).isEqualTo(head);
  }

  @Test
  void newCodeReplacesWhatCodeDeclared() {
    await(engine().register(List.of(OFF)));
    clock.advance(Duration.ofHours(1));
    ShieldEngine next = engine();
    await(next.register(List.of(PLAIN)));
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(stored(KEY).reason()).isEmpty();
    assertThat(stored(KEY).since()).isEqualTo(clock.instant());
    assertThat(isOpen(next, "/a")).isTrue();
    assertThat(auditOf(store)).isEmpty();
  }

  @Test
  void newCodeNeverReplacesWhatWasChangedAtRunTime() {
    ShieldEngine engine = engine();
    await(engine.register(List.of(PLAIN)));
    RouteState changed = await(engine.routes().disable(KEY, ALICE, "hotfix"));
    ShieldEngine next = engine();
    await(next.register(List.of(RouteState.builder(KEY).reason("new code").build())));
    assertThat(stored(KEY)).isEqualTo(changed);
    assertThat(isOpen(next, "/a")).isFalse();
  }

  @Test
  void forceActiveInCodeWinsOverAChangeAtRunTime() {
    ShieldEngine engine = engine();
    await(engine.register(List.of(PLAIN)));
    await(engine.routes().disable(KEY, ALICE, "hotfix"));
    ShieldEngine next = engine();
    await(next.register(List.of(FORCED)));
    assertThat(stored(KEY).forceActive()).isTrue();
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(stored(KEY).origin()).isEqualTo(Origin.RUNTIME);
    assertThat(isOpen(next, "/a")).isTrue();
    // And its removal wins too: what people decided is in force again.
    ShieldEngine last = engine();
    await(last.register(List.of(PLAIN)));
    assertThat(stored(KEY).forceActive()).isFalse();
    assertThat(isOpen(last, "/a")).isFalse();
    assertThat(auditOf(store)).hasSize(1);
  }

  @Test
  void newCodeMayTakeForceActiveBack() {
    await(engine().register(List.of(FORCED)));
    ShieldEngine next = engine();
    await(next.register(List.of(PLAIN)));
    await(next.routes().disable(KEY, ALICE, ""));
    assertThat(isOpen(next, "/a")).isFalse();
  }

  @Test
  void aRemovedRouteStaysInForce() {
    ShieldEngine engine = engine();
    await(engine.register(List.of(OFF, RouteState.active("GET:/b"))));
    ShieldEngine next = engine();
    await(next.register(List.of(RouteState.active("GET:/b"))));
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(isOpen(next, "/a")).isFalse();
  }

  @Test
  void theServiceIsNotedUnlessTheDeclarationNamesOne() {
    ShieldEngine engine = engineOf("billing");
    await(
        engine.register(List.of(PLAIN, RouteState.builder("GET:/other").service("other").build())));
    assertThat(stored(KEY).service()).isEqualTo("billing");
    assertThat(stored("GET:/other").service()).isEqualTo("other");
    Head head = contentOf(store).head();
    await(engineOf("billing").register(List.of(PLAIN)));
    assertThat(contentOf(store).head()).isEqualTo(head);
  }

  @Test
  void declarationsThatAreNoneAreRefusedAsAWhole() {
    ShieldEngine engine = engine();
    Snapshot before = contentOf(store);
    RouteState changed = RouteState.builder("GET:/x").origin(Origin.RUNTIME).build();
    RouteState versioned = RouteState.builder("GET:/x").version(3).build();
    for (RouteState bad : List.of(changed, versioned)) {
      assertThat(failureOf(engine.register(List.of(OFF, bad))))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("origin code, version 0");
    }
    assertThat(contentOf(store)).isEqualTo(before);
    assertThat(engine.routes().list()).isEmpty();
    // The good one of them is not taken for known.
    await(engine.register(List.of(OFF)));
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void theLastOfTwoDeclarationsOfOneKeyCounts() {
    await(engine().register(List.of(OFF, PLAIN)));
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void registeringAtOnceOnManyNodesIsOneCommit() {
    List<ShieldEngine> fleet = List.of(engine(), engine(), engine());
    long before = contentOf(store).head().revision();
    fleet.stream()
        .map(engine -> engine.register(List.of(OFF, RouteState.active("GET:/b"))))
        .toList()
        .forEach(EngineTest::await);
    assertThat(contentOf(store).head().revision()).isEqualTo(before + 1);
  }

  @Test
  void manyRegistrationsAtOnceAreFewCommits() {
    ShieldEngine engine = engine();
    long before = contentOf(store).head().revision();
    List<RouteState> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RouteState state = RouteState.active("GET:/r" + i);
      all.add(state);
      declare(engine, state);
    }
    await(engine.register(all));
    assertThat(contentOf(store).states()).hasSize(100);
    assertThat(contentOf(store).head().revision()).isLessThan(before + 100);
  }

  @Test
  void whatIsDeclaredIsEnforcedAtOnce() {
    ScriptedBackend backend = new ScriptedBackend();
    ShieldEngine engine = started(backend);
    assertThat(isOpen(engine, "/a")).isTrue();
    backend.commit.fail(new ChangeRefusedException("disk full", null));
    declare(engine, OFF);
    // By the thread that declared it, before anything could be stored.
    assertThat(isOpen(engine, "/a")).isFalse();
    eventually(() -> assertThat(backend.asked).isNotEmpty());
    assertThat(isOpen(engine, "/a")).isFalse();
    assertThat(engine.routes().get(KEY).status()).isEqualTo(RouteStatus.DISABLED);
    // And shown as not stored yet, under the store's head.
    assertThat(engine.routes().get(KEY).isStored()).isFalse();
    assertThat(engine.snapshot().version(DocumentKey.state(KEY))).isZero();
    assertThat(engine.snapshot().stored()).isEqualTo(contentOf(backend.store));
    // It stays so while others' commits arrive.
    Change other =
        new Change(
            "r",
            List.of(new Edit(DocumentKey.state("GET:/b"), 0, RouteState.active("GET:/b"))),
            List.of());
    await(backend.store.commit(other));
    eventually(() -> assertThat(engine.snapshot().states()).containsKey("GET:/b"));
    assertThat(isOpen(engine, "/a")).isFalse();
    backend.commit.asTheStoreDoes();
    eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store)));
    assertThat(isOpen(engine, "/a")).isFalse();
  }

  @Test
  void newCodeThatIsNotStoredYetHasNoVersionOfTheStore() {
    await(engine().register(List.of(PLAIN)));
    ScriptedBackend backend = new ScriptedBackend();
    backend.load.answer(s -> store.load());
    backend.head.answer(s -> store.head());
    backend.commit.fail(new ChangeRefusedException("read only", null));
    ShieldEngine engine = started(backend);
    declare(engine, OFF);
    assertThat(engine.snapshot().state(KEY).status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(engine.snapshot().state(KEY).version()).isZero();
    assertThat(engine.snapshot().stored()).isEqualTo(contentOf(store));
  }

  @Test
  void whatPeopleDecidedIsEnforcedBeforeAndAfterADeclarationIsStored() {
    ShieldEngine first = engine();
    await(first.register(List.of(PLAIN)));
    await(first.routes().disable(KEY, ALICE, ""));
    ScriptedBackend backend = new ScriptedBackend();
    backend.load.answer(s -> store.load());
    backend.head.answer(s -> store.head());
    backend.commit.fail(new ChangeRefusedException("read only", null));
    ShieldEngine engine = started(backend);
    declare(engine, PLAIN);
    assertThat(isOpen(engine, "/a")).isFalse();
    declare(engine, FORCED);
    assertThat(isOpen(engine, "/a")).isTrue();
  }

  @Test
  void aRefusedRegistrationIsRepeated() {
    ScriptedBackend backend = new ScriptedBackend();
    ShieldEngine engine = started(backend);
    backend.commit.failOnce(new ChangeRefusedException("disk full", null));
    assertThat(failureOf(engine.register(List.of(OFF)))).hasMessage("disk full");
    eventually(() -> assertThat(contentOf(backend.store).states()).containsKey(KEY));
  }

  @Test
  void registeringAgainAfterAFailureStores() {
    ScriptedBackend backend = new ScriptedBackend();
    ShieldEngine engine = started(backend);
    backend.commit.failOnce(new ChangeRefusedException("disk full", null));
    failureOf(engine.register(List.of(OFF)));
    await(engine.register(List.of(OFF)));
    assertThat(contentOf(backend.store).states()).containsKey(KEY);
  }

  @Test
  void aChangeWaitsForTheDeclarationOfItsRoute() {
    ShieldEngine engine = engine();
    declare(engine, PLAIN);
    await(engine.routes().disable(KEY, ALICE, ""));
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.DISABLED);
  }

  /** A handler declares on the thread of a request just when somebody changes the route. */
  @Test
  void whatAnotherThreadIsJustDeclaringCanBeChanged() {
    ShieldEngine engine = engine();
    EngineInternals internals = EngineInternals.of(engine);
    RouteSource source =
        () ->
            CompletableFuture.runAsync(() -> internals.declare(application, declarations(PLAIN)))
                .join();
    internals.addRouteSource(source);
    await(engine.routes().disable(KEY, ALICE, "off"));
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void handlersAreAskedForRoutesBeforeOneIsChanged() {
    ShieldEngine engine = engine();
    EngineInternals internals = EngineInternals.of(engine);
    RouteSource broken =
        () -> {
          throw new IllegalStateException("a handler that throws on purpose");
        };
    RouteSource source = () -> internals.declare(application, declarations(PLAIN));
    internals.addRouteSource(broken);
    internals.addRouteSource(source);
    await(engine.routes().disable(KEY, ALICE, ""));
    assertThat(stored(KEY).status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(List.of(broken, source)).hasSize(2);
  }

  @Test
  void aRegistrationIsAChangeThatListenersHearOf() {
    ShieldEngine engine = engine();
    List<ShieldChange> heard = new CopyOnWriteArrayList<>();
    engine.onChange(heard::add);
    await(engine.register(List.of(OFF)));
    assertThat(heard).hasSize(1);
    assertThat(heard.get(0).routes()).containsExactly(KEY);
    assertThat(heard.get(0).audit()).isEmpty();
    assertThat(heard.get(0).changed())
        .containsExactlyInAnyOrder(DocumentKey.state(KEY), DocumentKey.document("registered:"));
  }

  @Test
  void eachServiceRecordsOnceADayWhatItDeclares() {
    await(engineOf("billing").register(List.of(PLAIN)));
    await(engineOf("orders").register(List.of(RouteState.active("GET:/b"))));
    assertThat(contentOf(store).documents().keySet())
        .containsExactlyInAnyOrder("registered:billing", "registered:orders");
    assertThat(contentOf(store).documents().get("registered:billing").value().content())
        .isEqualTo("{\"GET:/a\":\"2030-01-01\"}");
    Head head = contentOf(store).head();
    await(engineOf("billing").register(List.of(PLAIN)));
    assertThat(contentOf(store).head()).isEqualTo(head);
    clock.advance(Duration.ofDays(1));
    await(engineOf("billing").register(List.of(PLAIN)));
    assertThat(contentOf(store).documents().get("registered:billing").value().content())
        .isEqualTo("{\"GET:/a\":\"2030-01-02\"}");
    assertThat(contentOf(store).documents().get("registered:orders").value().content())
        .isEqualTo("{\"GET:/b\":\"2030-01-01\"}");
    assertThat(contentOf(store).head().revision()).isEqualTo(head.revision() + 1);
  }

  private static boolean isStale(ShieldEngine engine, String key) {
    return engine.routes().list().stream()
        .filter(view -> view.state().path().equals(key))
        .map(RouteView::stale)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRouteThatNoCodeDeclaresForSevenDaysIsStaleAndStillEnforced() {
    await(engineOf("billing").register(List.of(OFF, RouteState.active("GET:/b"))));
    clock.advance(Duration.ofDays(7));
    ShieldEngine next = engineOf("billing");
    await(next.register(List.of(RouteState.active("GET:/b"))));
    assertThat(isStale(next, KEY)).isFalse();
    clock.advance(Duration.ofDays(1));
    assertThat(isStale(next, KEY)).isTrue();
    assertThat(next.routes().get(KEY).stale()).isTrue();
    assertThat(isStale(next, "GET:/b")).isFalse();
    assertThat(isOpen(next, "/a")).isFalse();
    assertThat(next.routes().get(KEY).status()).isEqualTo(RouteStatus.DISABLED);
    await(engineOf("billing").register(List.of(OFF)));
    eventually(() -> assertThat(isStale(next, KEY)).isFalse());
  }

  @Test
  void anyServiceThatDeclaresARouteKeepsItFresh() {
    await(engineOf("billing").register(List.of(PLAIN)));
    clock.advance(Duration.ofDays(8));
    ShieldEngine other = engineOf("orders");
    await(other.register(List.of(RouteState.builder(KEY).service("billing").build())));
    assertThat(isStale(other, KEY)).isFalse();
  }

  @Test
  void anUnreadableRecordIsWrittenAnew() {
    ShieldEngine engine = engine();
    await(engine.documents().put("registered:", "{\"GET:/a\": \"yesterday\"}", 0));
    await(engine.register(List.of(PLAIN)));
    assertThat(contentOf(store).documents().get("registered:").value().content())
        .isEqualTo("{\"GET:/a\":\"2030-01-01\"}");
    assertThat(engine.routes().get(KEY).stale()).isFalse();
  }

  @Test
  void moreRoutesThanTheRecordHoldsAreRegisteredAllTheSame() {
    ShieldEngine engine = engine();
    List<RouteState> states = new ArrayList<>();
    String filler = "x".repeat(450);
    for (int i = 0; i < 2400; i++) {
      states.add(RouteState.active("GET:/" + filler + i));
    }
    await(engine.register(states));
    assertThat(contentOf(store).states()).hasSize(2400);
    assertThat(contentOf(store).documents()).isEmpty();
  }

  @Test
  void onAStartedEngineTheSnapshotInForceIsTheStores() {
    ShieldEngine engine = engine();
    AtomicReference<Snapshot> after = new AtomicReference<>();
    engine.onChange(change -> after.set(change.after()));
    await(engine.register(List.of(OFF)));
    assertThat(engine.snapshot()).isEqualTo(contentOf(store)).isEqualTo(after.get());
  }
}
