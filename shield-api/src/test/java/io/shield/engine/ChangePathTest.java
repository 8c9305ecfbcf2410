package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.ShieldEngine;
import io.shield.error.ChangeConflictException;
import io.shield.error.OutcomeUnknownException;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a change when the store answers late, wrongly or not at all. */
class ChangePathTest extends EngineTest {
  private static final Future<CommitResult> NEVER_ANSWERED =
      Promise.<CommitResult>promise().future();

  private final ScriptedBackend backend = new ScriptedBackend();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(on(backend).setHeadInterval(NEVER));
    register(engine, "GET:/a");
    backend.asked.clear();
  }

  private ShieldEngine impatient() {
    ShieldEngine impatient =
        started(on(backend).setHeadInterval(NEVER).setChangeTimeout(Duration.ofMillis(300)));
    backend.asked.clear();
    return impatient;
  }

  private void assertHappenedOnce() {
    assertThat(auditOf(backend.store)).hasSize(1);
    assertThat(backend.asked)
        .extracting(Change::requestId)
        .hasSizeGreaterThan(1)
        .containsOnly(backend.asked.get(0).requestId());
    assertThat(engine.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store));
  }

  @Test
  void aFailedAnswerIsAskedForAgainWithTheSameRequestId() {
    backend.commit.answerOnce(
        store -> store.get().compose(v -> Future.failedFuture(ScriptedBackend.unreachable())));
    RouteState state = await(engine.routes().disable("/a", ALICE, ""));
    assertHappenedOnce();
    assertThat(state).isEqualTo(engine.snapshot().state("GET:/a"));
  }

  @Test
  void aLostAnswerIsAskedForAgainWithTheSameRequestId() {
    ShieldEngine impatient = impatient();
    backend.commit.answerOnce(store -> store.get().compose(v -> NEVER_ANSWERED));
    await(impatient.routes().disable("/a", ALICE, ""));
    eventually(this::assertHappenedOnce);
  }

  @Test
  void aLostRequestIsSentAgain() {
    backend.commit.failOnce(ScriptedBackend.unreachable());
    backend.commit.failOnce(new IllegalStateException("anything"));
    await(engine.routes().disable("/a", ALICE, ""));
    assertHappenedOnce();
    assertThat(backend.asked).hasSize(3);
  }

  @Test
  void aRefusedChangeIsNotRepeated() {
    ChangeRefusedException full = new ChangeRefusedException("disk full", null);
    backend.commit.fail(full);
    Snapshot before = contentOf(backend.store);
    assertThat(failureOf(engine.routes().disable("/a", ALICE, ""))).isSameAs(full);
    assertThat(backend.asked).hasSize(1);
    assertThat(engine.snapshot()).isEqualTo(before);
    backend.commit.asTheStoreDoes();
    await(engine.routes().disable("/a", ALICE, ""));
  }

  @Test
  void withoutAnyAnswerTheOutcomeIsUnknown() {
    ShieldEngine impatient = impatient();
    backend.commit.answer(store -> NEVER_ANSWERED);
    assertThat(failureOf(impatient.routes().disable("/a", ALICE, "")))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessage(
            "the store did not confirm the change within 300 ms; it was made once or not at all");
    assertThat(backend.asked)
        .extracting(Change::requestId)
        .isNotEmpty()
        .containsOnly(backend.asked.get(0).requestId());
  }

  @Test
  void whoWaitedForAChangeWithoutAnswerIsNotTriedForJustAsLongAgain() {
    ShieldEngine impatient =
        started(on(backend).setHeadInterval(NEVER).setChangeTimeout(Duration.ofSeconds(1)));
    backend.asked.clear();
    backend.commit.answer(store -> NEVER_ANSWERED);
    Future<RouteState> first = impatient.routes().disable("/a", ALICE, "");
    Future<RouteState> second = impatient.routes().maintenance("/a", ALICE, "");
    assertThat(failureOf(first)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(failureOf(second))
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("nothing was changed");
    assertThat(backend.asked)
        .extracting(Change::requestId)
        .containsOnly(backend.asked.get(0).requestId());
    backend.commit.asTheStoreDoes();
    await(impatient.routes().maintenance("/a", ALICE, ""));
  }

  @Test
  void whatWasNeverSentWasNotMade() {
    ShieldEngine impatient = impatient();
    backend.commit.fail(new StoreUnreachableException("connection refused", null, true));
    assertThat(failureOf(impatient.routes().disable("/a", ALICE, "")))
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessage("connection refused; nothing was changed");
    assertThat(backend.asked).isNotEmpty();
  }

  @Test
  void afterOneTryThatMayHaveArrivedTheOutcomeIsUnknown() {
    ShieldEngine impatient = impatient();
    backend.commit.fail(new StoreUnreachableException("connection refused", null, true));
    backend.commit.failOnce(ScriptedBackend.unreachable());
    assertThat(failureOf(impatient.routes().disable("/a", ALICE, "")))
        .isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void withoutAnyGoodAnswerTheOutcomeIsUnknown() {
    ShieldEngine impatient = impatient();
    backend.commit.fail(ScriptedBackend.unreachable());
    assertThat(failureOf(impatient.routes().disable("/a", ALICE, "")))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("connection refused")
        .hasCauseInstanceOf(StoreUnreachableException.class);
  }

  @Test
  void anUnknownOutcomeShowsWhenTheStoreTells() {
    ShieldEngine impatient = impatient();
    backend.commit.answer(store -> store.get().compose(v -> NEVER_ANSWERED));
    failureOf(impatient.routes().disable("/a", ALICE, ""));
    eventually(
        () -> assertThat(impatient.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED));
    assertThat(auditOf(backend.store)).hasSize(1);
  }

  @Test
  void whatWasAcceptedIsInForceBeforeTheCallerIsTold() {
    backend.hold(true);
    RouteState state = await(engine.routes().disable("/a", ALICE, ""));
    assertThat(engine.snapshot().state("GET:/a")).isEqualTo(state);
    backend.held.forEach(backend::push);
    await(engine.audit().newest(1));
    assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store));
    assertThat(backend.load.count()).isEqualTo(1);
  }

  @Test
  void anAcceptedChangeBehindAGapIsInForceToo() {
    backend.hold(true);
    DocumentKey key = DocumentKey.document("other");
    await(
        backend.store.commit(
            new Change("r", List.of(new Edit(key, 0, new OpaqueDocument("x"))), List.of())));
    await(engine.routes().disable("/a", ALICE, ""));
    assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store));
    assertThat(backend.load.count()).isEqualTo(2);
  }

  @Test
  void anAcceptedChangeSucceedsEvenIfThisNodeCannotFollow() {
    backend.hold(true);
    DocumentKey key = DocumentKey.document("other");
    await(
        backend.store.commit(
            new Change("r", List.of(new Edit(key, 0, new OpaqueDocument("x"))), List.of())));
    backend.load.fail(ScriptedBackend.unreachable());
    RouteState state = await(engine.routes().disable("/a", ALICE, ""));
    assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(state.version()).isEqualTo(contentOf(backend.store).head().revision());
  }

  @Test
  void norIfTheStoreDoesNotAnswerWhenThisNodeWantsToFollow() {
    ShieldEngine impatient = impatient();
    backend.hold(true);
    DocumentKey key = DocumentKey.document("other");
    await(
        backend.store.commit(
            new Change("r", List.of(new Edit(key, 0, new OpaqueDocument("x"))), List.of())));
    backend.load.answer(store -> Promise.<Snapshot>promise().future());
    Future<RouteState> change = impatient.routes().disable("/a", ALICE, "");
    // Not as late as the load is given up.
    eventually(() -> assertThat(change.succeeded()).isTrue());
  }

  @Test
  void whatAStoreOfAnotherLineageAcceptsIsOfUnknownOutcome() {
    backend.hold(true);
    backend.descent.answer(store -> Future.succeededFuture(Descent.DENIED));
    DocumentKey key = DocumentKey.document("other");
    await(
        backend.store.commit(
            new Change("r", List.of(new Edit(key, 0, new OpaqueDocument("x"))), List.of())));
    assertThat(failureOf(engine.routes().disable("/a", ALICE, "")))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContainingAll("accepted the change", "set back", "open");
  }

  @Test
  void aLostRaceIsPlannedAgainOnWhatTheWinnerLeft() {
    ShieldEngine other = started(backend.store);
    backend.hold(true);
    backend.commit.answerOnce(
        store -> other.routes().envGate("/a", ALICE, List.of("staging")).compose(v -> store.get()));
    RouteState state = await(engine.routes().canary("/a", ALICE, 30));
    assertThat(state.status()).isEqualTo(RouteStatus.ENV_GATED);
    assertThat(state.canaryPercentage()).isEqualTo(30);
    assertThat(backend.asked).extracting(Change::requestId).hasSize(2).doesNotHaveDuplicates();
    assertThat(auditOf(backend.store)).hasSize(2);
  }

  @Test
  void aLostRaceMayMakeTheChangeImpossible() {
    ShieldEngine other = started(backend.store);
    backend.hold(true);
    backend.commit.answerOnce(
        store -> other.routes().maintenance("/a", ALICE, "db").compose(v -> store.get()));
    Instant now = Instant.now();
    MaintenanceWindow window =
        new MaintenanceWindow(now.plusSeconds(600), now.plusSeconds(900), "");
    assertThat(failureOf(engine.routes().schedule("/a", ALICE, window)))
        .isInstanceOf(ChangeConflictException.class);
    assertThat(auditOf(backend.store)).hasSize(1);
    assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store));
  }

  @Test
  void routesThatAStoreDoesNotTakeAtOnceAreStoredInParts() {
    backend.commit.answer(
        store ->
            backend.asked.get(backend.asked.size() - 1).edits().size() > 2000
                ? NEVER_ANSWERED
                : store.get());
    ShieldEngine impatient =
        started(on(backend).setHeadInterval(NEVER).setChangeTimeout(Duration.ofSeconds(1)));
    List<RouteState> routes =
        IntStream.range(0, 4000).mapToObj(i -> RouteState.active("GET:/r/" + i)).toList();
    impatient.register(routes);
    eventually(
        () ->
            assertThat(contentOf(backend.store).states().keySet())
                .containsAll(routes.stream().map(RouteState::path).toList()));
  }

  @Test
  void racesThatAreLostForEverEndInAConflict() {
    backend.commit.answer(
        store -> {
          VersionConflict conflict =
              new VersionConflict(DocumentKey.state("GET:/a"), 1, 2, RouteState.active("GET:/a"));
          return Future.succeededFuture(
              new CommitResult.Conflict(contentOf(backend.store).head(), List.of(conflict)));
        });
    assertThat(failureOf(engine.routes().disable("/a", ALICE, "")))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContainingAll("GET:/a", "try again");
    assertThat(auditOf(backend.store)).isEmpty();
  }

  @Test
  void changesOfOneRouteAreMadeInTheOrderInWhichTheyWereAskedFor() {
    Instant now = Instant.now();
    MaintenanceWindow window =
        new MaintenanceWindow(now.plusSeconds(600), now.plusSeconds(900), "");
    Promise<Void> go = Promise.promise();
    backend.commit.answerOnce(store -> go.future().compose(v -> store.get()));
    Future<RouteState> schedule = engine.routes().schedule("/a", ALICE, window);
    Future<RouteState> cancel = engine.routes().cancelSchedule("/a", ALICE);
    Future<RouteState> disable = engine.routes().disable("/a", ALICE, "");
    Future<RouteState> canary = engine.routes().canary("/a", ALICE, 7);
    await(engine.audit().newest(1));
    assertThat(backend.asked).hasSize(1);
    go.complete();
    await(canary);
    assertThat(schedule.result().window()).isEqualTo(window);
    assertThat(cancel.result().window()).isNull();
    assertThat(canary.result().status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(List.of(schedule, cancel, disable, canary))
        .extracting(future -> future.result().version())
        .isSorted()
        .doesNotHaveDuplicates();
    // No race was lost against oneself.
    assertThat(backend.asked).hasSize(4);
    assertThat(engine.snapshot().state("GET:/a").window()).isNull();
  }

  @Test
  void aChangeThatHangsDoesNotHoldUpOtherRoutes() {
    register(engine, "GET:/b");
    Promise<Void> go = Promise.promise();
    backend.commit.answerOnce(store -> go.future().compose(v -> store.get()));
    Future<RouteState> first = engine.routes().disable("/a", ALICE, "");
    await(engine.routes().disable("/b", ALICE, ""));
    assertThat(first.isComplete()).isFalse();
    go.complete();
    await(first);
    assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store));
  }

  @Test
  void severalRoutesChangedAtOnceWaitForEachOfThem() {
    register(engine, "GET:/b");
    backend.asked.clear();
    RouteAction off = new RouteAction.Disable("", null);
    Future<?> a = engine.routes().apply("GET:/a", new RouteAction.Canary(1, ""), ALICE);
    Future<?> b = engine.routes().apply("GET:/b", new RouteAction.Canary(2, ""), ALICE);
    Future<List<RouteState>> both =
        engine
            .routes()
            .applyAll(
                List.of(
                    io.shield.Routes.Command.of("GET:/a", off),
                    io.shield.Routes.Command.of("GET:/b", off)),
                ALICE);
    await(Future.join(a, b, both));
    assertThat(both.result()).extracting(RouteState::canaryPercentage).containsExactly(1, 2);
    assertThat(backend.asked).hasSize(3);
  }

  @Test
  void theAnswerToARepeatedRequestIsItsFirstCommit() {
    MemoryBackend store = backend.store;
    Change change =
        new Change(
            "same",
            List.of(new Edit(DocumentKey.document("d"), 0, new OpaqueDocument("x"))),
            List.of());
    Commit first = ((CommitResult.Accepted) await(store.commit(change))).commit();
    Commit again = ((CommitResult.Accepted) await(store.commit(change))).commit();
    assertThat(again).isEqualTo(first);
  }

  @Test
  void closingEndsAChangeThatWaitsForItsAnswer() {
    backend.commit.answer(store -> NEVER_ANSWERED);
    Future<RouteState> first = engine.routes().disable("/a", ALICE, "");
    Future<RouteState> second = engine.routes().enable("/a", ALICE, "");
    eventually(() -> assertThat(backend.asked).hasSize(1));
    await(engine.close());
    assertThat(failureOf(first))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("closed");
    assertThat(failureOf(second)).hasMessageContaining("closed");
    assertThat(backend.asked).hasSize(1);
  }
}
