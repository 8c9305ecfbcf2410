package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.Store.Status.Condition;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage.Descent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How a node follows its store when messages are lost, late, repeated or wrong. */
class ReplicaProtocolTest extends EngineTest {
  private final ScriptedBackend backend = new ScriptedBackend();
  private int documents;

  /** An engine that learns only by what is pushed. */
  private ShieldEngine startedWithoutPolls() {
    return started(on(backend).setHeadInterval(NEVER));
  }

  /** Somebody else commits a document of its own. */
  private Commit commitElsewhere() {
    DocumentKey key = DocumentKey.document("other-" + documents++);
    Edit edit = new Edit(key, 0, new OpaqueDocument("x"));
    Change change = new Change(UUID.randomUUID().toString(), List.of(edit), List.of());
    CommitResult result = await(backend.store.commit(change));
    return ((CommitResult.Accepted) result).commit();
  }

  private void assertDrawsLevel(ShieldEngine engine) {
    eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store)));
    assertThat(engine.store().status())
        .isEqualTo(new Store.Status(Condition.READY, contentOf(backend.store).head(), null));
  }

  /** Waits until what the engine was told before has been worked through. */
  private void settle(ShieldEngine engine) {
    await(engine.audit().newest(1));
  }

  @Test
  void subscribesBeforeItLoadsAndReplaysWhatCameBetween() {
    backend.load.answerOnce(
        store -> {
          assertThat(backend.subscriptions()).isEqualTo(1);
          Future<Snapshot> old = store.get();
          commitElsewhere();
          commitElsewhere();
          return old;
        });
    ShieldEngine engine = startedWithoutPolls();
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(1);
  }

  @Test
  void replaysWhatCameDuringALongLoad() {
    Promise<Void> go = Promise.promise();
    backend.load.answerOnce(
        store -> {
          Future<Snapshot> old = store.get();
          return go.future().compose(v -> old);
        });
    ShieldEngine engine = created(on(backend).setHeadInterval(NEVER));
    Future<Void> start = engine.start();
    eventually(() -> assertThat(backend.load.count()).isEqualTo(1));
    commitElsewhere();
    commitElsewhere();
    settle(engine);
    go.complete();
    await(start);
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(1);
  }

  @Test
  void whatCameBeforeTheLoadedHeadIsNotReplayed() {
    backend.load.answerOnce(
        store -> {
          commitElsewhere();
          return store.get();
        });
    ShieldEngine engine = startedWithoutPolls();
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(1);
  }

  @Test
  void aLostMessageDuringTheLoadMeansAnotherLoad() {
    backend.load.answerOnce(
        store -> {
          Future<Snapshot> old = store.get();
          backend.hold(true);
          commitElsewhere();
          backend.hold(false);
          commitElsewhere();
          return old;
        });
    ShieldEngine engine = startedWithoutPolls();
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(2);
  }

  @Test
  void commitsAreAppliedInOrderWithoutLoading() {
    ShieldEngine engine = startedWithoutPolls();
    List<Long> seen = new CopyOnWriteArrayList<>();
    engine.onChange(change -> seen.add(change.after().head().revision()));
    for (int i = 0; i < 20; i++) {
      commitElsewhere();
    }
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(1);
    assertThat(seen).hasSize(20).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aGapMeansExactlyOneLoad() {
    ShieldEngine engine = startedWithoutPolls();
    backend.hold(true);
    commitElsewhere();
    backend.hold(false);
    for (int i = 0; i < 10; i++) {
      commitElsewhere();
    }
    assertDrawsLevel(engine);
    commitElsewhere();
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(2);
  }

  @Test
  void aRepeatedCommitIsIgnored() {
    ShieldEngine engine = startedWithoutPolls();
    List<Head> seen = new CopyOnWriteArrayList<>();
    engine.onChange(change -> seen.add(change.after().head()));
    Commit first = commitElsewhere();
    Commit second = commitElsewhere();
    assertDrawsLevel(engine);
    backend.push(first);
    backend.push(second);
    backend.push(second);
    settle(engine);
    assertDrawsLevel(engine);
    assertThat(seen).containsExactly(first.head(), second.head());
    assertThat(backend.load.count()).isEqualTo(1);
  }

  @Test
  void aCommitThatDoesNotFollowIsNotAppliedHoweverItIsNumbered() {
    ShieldEngine engine = startedWithoutPolls();
    Head head = contentOf(backend.store).head();
    Edit edit = new Edit(DocumentKey.document("forged"), 0, new OpaqueDocument("x"));
    Change change = new Change("request", List.of(edit), List.of());
    Head next = new Head(head.epoch(), head.revision() + 1, "id");
    backend.push(new Commit(next, "another predecessor", change));
    eventually(() -> assertThat(backend.load.count()).isEqualTo(2));
    settle(engine);
    assertThat(engine.documents().get("forged")).isEmpty();
    assertDrawsLevel(engine);
  }

  @Test
  void outdatedMeansLoading() {
    ShieldEngine engine = startedWithoutPolls();
    backend.hold(true);
    commitElsewhere();
    backend.pushOutdated();
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(2);
  }

  @Test
  void toldOfDuringALoadMeansAnotherOne() {
    ShieldEngine engine = startedWithoutPolls();
    backend.hold(true);
    Promise<Void> go = Promise.promise();
    backend.load.answerOnce(
        store -> {
          Future<Snapshot> old = store.get();
          return go.future().compose(v -> old);
        });
    backend.pushOutdated();
    eventually(() -> assertThat(backend.load.count()).isEqualTo(2));
    commitElsewhere();
    backend.pushOutdated();
    go.complete();
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(3);
  }

  @Test
  void theHeadIsPolledBecausePushedMessagesGetLost() {
    ShieldEngine engine = started(backend);
    backend.hold(true);
    commitElsewhere();
    assertDrawsLevel(engine);
  }

  @Test
  void aStoreThatDoesNotPushIsPolled() {
    ScriptedBackend silent = ScriptedBackend.withoutPush();
    ShieldEngine engine = started(silent);
    assertThat(silent.subscribe.count()).isZero();
    register(engine, "GET:/a");
    ShieldEngine other = started(silent);
    await(other.routes().disable("/a", ALICE, ""));
    eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(silent.store)));
    assertThat(engine.snapshot()).isEqualTo(other.snapshot());
  }

  @Test
  void anUnchangedHeadLoadsNothing() {
    ShieldEngine engine = started(backend);
    int polls = backend.head.count();
    eventually(() -> assertThat(backend.head.count()).isGreaterThan(polls + 5));
    assertThat(backend.load.count()).isEqualTo(1);
    assertThat(engine.store().status().condition()).isEqualTo(Condition.READY);
  }

  @Test
  void anAnswerOvertakenByACommitIsOldNewsNotAnOldStore() {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    int loads = backend.load.count();
    Promise<Void> go = Promise.promise();
    backend.head.answer(
        store -> {
          Future<Head> old = store.get();
          return go.future().compose(v -> old);
        });
    int polls = backend.head.count();
    eventually(() -> assertThat(backend.head.count()).isGreaterThan(polls));
    await(engine.routes().disable("/a", ALICE, ""));
    backend.head.asTheStoreDoes();
    go.complete();
    eventually(() -> assertThat(backend.head.count()).isGreaterThan(polls + 3));
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(loads);
  }

  /** An engine that knows a disabled route, with a store that is then another one. */
  private ShieldEngine startedAndExchanged(Supplier<Snapshot> instead) {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    await(engine.routes().disable("/a", ALICE, ""));
    Snapshot other = instead.get();
    backend.load.answer(store -> Future.succeededFuture(other));
    backend.head.answer(store -> Future.succeededFuture(other.head()));
    return engine;
  }

  private void assertFailsStatic(ShieldEngine engine) {
    Snapshot known = contentOf(backend.store);
    eventually(
        () -> assertThat(engine.store().status().condition()).isEqualTo(Condition.DISTRUSTED));
    assertThat(engine.store().status().head()).isEqualTo(known.head());
    assertThat(engine.store().status().problem()).contains("emptied, set back or exchanged");
    assertThat(engine.snapshot()).isEqualTo(known);
    int asked = backend.asked.size();
    assertThat(failureOf(engine.routes().enable("/a", ALICE, "")))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContaining("emptied, set back or exchanged");
    assertThat(backend.asked).hasSize(asked);
    // Once it is the old store again, all is well.
    backend.load.asTheStoreDoes();
    backend.head.asTheStoreDoes();
    eventually(() -> assertThat(engine.store().status().condition()).isEqualTo(Condition.READY));
    await(engine.routes().enable("/a", ALICE, ""));
    assertDrawsLevel(engine);
  }

  @Test
  void anEmptyStoreIsNotBelieved() {
    assertFailsStatic(
        startedAndExchanged(() -> Snapshot.empty(new Head("another epoch", 1, "id"))));
  }

  @Test
  void aStoreOfAnotherEpochIsNotBelievedHoweverNewItIs() {
    assertFailsStatic(
        startedAndExchanged(() -> Snapshot.empty(new Head("another epoch", 1000, "id"))));
  }

  @Test
  void anOlderStoreIsNotBelieved() {
    assertFailsStatic(
        startedAndExchanged(
            () -> {
              Head head = contentOf(backend.store).head();
              return Snapshot.empty(new Head(head.epoch(), head.revision() - 1, "id"));
            }));
  }

  @Test
  void aStoreWithAnotherHistoryOfTheSameLengthIsNotBelieved() {
    assertFailsStatic(
        startedAndExchanged(
            () -> {
              Head head = contentOf(backend.store).head();
              return Snapshot.empty(new Head(head.epoch(), head.revision(), "another id"));
            }));
  }

  @Test
  void aDistrustedStoreIsNotBelievedBecauseItGoesOn() {
    ShieldEngine engine =
        startedAndExchanged(
            () -> {
              Head head = contentOf(backend.store).head();
              return Snapshot.empty(new Head(head.epoch(), head.revision() - 1, "id"));
            });
    eventually(
        () -> assertThat(engine.store().status().condition()).isEqualTo(Condition.DISTRUSTED));
    Head known = contentOf(backend.store).head();
    Snapshot later = Snapshot.empty(new Head(known.epoch(), known.revision() + 7, "id"));
    backend.load.answer(store -> Future.succeededFuture(later));
    backend.head.answer(store -> Future.succeededFuture(later.head()));
    int loads = backend.load.count();
    eventually(() -> assertThat(backend.load.count()).isGreaterThan(loads + 1));

    assertFailsStatic(engine);
  }

  @Test
  void aStoreThatIsBackIsBelievedThoughOthersWroteToItFirst() {
    ShieldEngine engine =
        startedAndExchanged(
            () -> {
              Head head = contentOf(backend.store).head();
              return Snapshot.empty(new Head(head.epoch(), head.revision() - 1, "id"));
            });
    eventually(
        () -> assertThat(engine.store().status().condition()).isEqualTo(Condition.DISTRUSTED));
    backend.hold(true);
    commitElsewhere();
    backend.descent.answer(store -> Future.succeededFuture(Descent.PROVEN));
    backend.load.asTheStoreDoes();
    backend.head.asTheStoreDoes();
    assertDrawsLevel(engine);
    assertThat(engine.store().status().condition()).isEqualTo(Condition.READY);
  }

  @Test
  void aStoreThatWentOnFromAnotherCommitIsNotBelieved() {
    backend.descent.answer(store -> Future.succeededFuture(Descent.DENIED));
    assertFailsStatic(
        startedAndExchanged(
            () -> {
              Head head = contentOf(backend.store).head();
              return Snapshot.empty(new Head(head.epoch(), head.revision() + 5, "id"));
            }));
  }

  @Test
  void aDistrustedStoreThatCannotBeReachedIsStillDistrusted() {
    ShieldEngine engine =
        startedAndExchanged(() -> Snapshot.empty(new Head("another epoch", 1, "id")));
    eventually(
        () -> assertThat(engine.store().status().condition()).isEqualTo(Condition.DISTRUSTED));
    backend.head.fail(ScriptedBackend.unreachable());
    int polls = backend.head.count();
    eventually(() -> assertThat(backend.head.count()).isGreaterThan(polls + 2));
    assertThat(engine.store().status().condition()).isEqualTo(Condition.DISTRUSTED);
  }

  @Test
  void aStoreThatCannotBeReachedLeavesWhatIsKnownInForce() {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    await(engine.routes().disable("/a", ALICE, ""));
    Snapshot known = engine.snapshot();
    backend.head.fail(ScriptedBackend.unreachable());
    eventually(
        () ->
            assertThat(engine.store().status())
                .isEqualTo(
                    new Store.Status(Condition.UNREACHABLE, known.head(), "connection refused")));
    assertThat(engine.snapshot()).isEqualTo(known);
    backend.hold(true);
    commitElsewhere();
    backend.head.asTheStoreDoes();
    assertDrawsLevel(engine);
  }

  @Test
  void aLoadThatFailsIsTriedAgain() {
    ShieldEngine engine = started(backend);
    backend.hold(true);
    backend.load.failOnce(ScriptedBackend.unreachable());
    backend.load.failOnce(new IllegalStateException("broken"));
    commitElsewhere();
    assertDrawsLevel(engine);
    assertThat(backend.load.count()).isEqualTo(4);
  }

  @Test
  void aBackendThatThrowsIsOneThatFails() {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    backend.head.answerOnce(
        store -> {
          throw new IllegalStateException("head thrown");
        });
    backend.load.answerOnce(
        store -> {
          throw new IllegalStateException("load thrown");
        });
    backend.commit.answerOnce(
        store -> {
          throw new IllegalStateException("commit thrown");
        });
    backend.hold(true);
    commitElsewhere();
    assertDrawsLevel(engine);
    await(engine.routes().disable("/a", ALICE, ""));
    assertDrawsLevel(engine);
  }

  @Test
  void manyTemplatesAreCompiledOnAWorkerWithoutLosingCommits() {
    ShieldEngine engine = startedWithoutPolls();
    List<String> keys = new CopyOnWriteArrayList<>();
    List<String> templates = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 2500; i++) {
      keys.add("GET:/t" + i);
      templates.add("/t" + i);
    }
    io.shield.internal.EngineInternals.of(engine).gates().slots(templates);
    await(engine.register(keys.stream().map(RouteState::active).toList()));
    List<Future<?>> changes = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 10; i++) {
      changes.add(engine.maintenance().enableGlobal(ALICE, "round " + i));
      changes.add(engine.routes().disable("GET:/t" + i, ALICE, ""));
      commitElsewhere();
    }
    changes.forEach(EngineTest::await);
    assertDrawsLevel(engine);
    assertThat(engine.maintenance().global().reason()).isEqualTo("round 9");
  }
}
