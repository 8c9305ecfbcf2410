package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store.Status.Condition;
import io.shield.decision.Decision;
import io.shield.error.ShieldException;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Gates;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Snapshot;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Starting while the store cannot be reached, or not at all. */
class ColdStartTest extends EngineTest {
  private static final RouteState OPEN = RouteState.active("GET:/open");
  private static final RouteState OFF =
      RouteState.builder("GET:/off").status(RouteStatus.DISABLED).reason("by code").build();
  private static final RouteState HEALTH =
      RouteState.builder("GET:/health").forceActive(true).build();

  private final ScriptedBackend backend = new ScriptedBackend();

  private static Decision decision(ShieldEngine engine, String path) {
    Gates gates = EngineInternals.of(engine).gates();
    return gates.verdict(gates.slots(List.of(path))[0], HttpMethod.GET).decision();
  }

  private static void assertOpen(ShieldEngine engine, String path) {
    assertThat(decision(engine, path)).isEqualTo(Decision.ALLOW);
  }

  private ShieldEngine cold(ShieldOptions.ColdStart how) {
    backend.load.fail(ScriptedBackend.unreachable());
    ShieldEngine engine = created(on(backend).setColdStart(how));
    await(engine.register(List.of(OPEN, OFF, HEALTH)));
    return engine;
  }

  private void assertComesToLife(ShieldEngine engine) {
    backend.load.asTheStoreDoes();
    eventually(() -> assertThat(contentOf(backend.store).states()).hasSize(3));
    eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store)));
    assertThat(engine.store().status().condition()).isEqualTo(Condition.READY);
    await(engine.routes().disable("/open", ALICE, ""));
    assertThat(decision(engine, "/open")).isInstanceOf(Decision.Disabled.class);
    assertOpen(engine, "/health");
  }

  @Test
  void openEnforcesWhatTheCodeDeclares() {
    ShieldEngine engine = cold(ShieldOptions.ColdStart.OPEN);
    await(engine.start());
    assertThat(engine.store().status().condition()).isEqualTo(Condition.STARTING);
    assertThat(engine.store().status().problem()).isEqualTo("connection refused");
    assertOpen(engine, "/open");
    assertOpen(engine, "/health");
    assertThat(decision(engine, "/off"))
        .isInstanceOfSatisfying(
            Decision.Disabled.class, refusal -> assertThat(refusal.reason()).isEqualTo("by code"));
    assertThat(engine.routes().list()).hasSize(3);
    assertThat(failureOf(engine.routes().enable("/off", ALICE, "")))
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("connection refused");
    assertThat(backend.asked).isEmpty();
    assertComesToLife(engine);
  }

  @Test
  void closedAnswersMaintenanceUntilTheStoreWasRead() {
    ShieldEngine engine = cold(ShieldOptions.ColdStart.CLOSED);
    await(engine.start());
    assertOpen(engine, "/health");
    for (String path : List.of("/open", "/off")) {
      assertThat(decision(engine, path))
          .isInstanceOfSatisfying(
              Decision.Maintenance.class,
              refusal -> assertThat(refusal.reason()).isEqualTo("starting"));
    }
    await(engine.register(List.of(RouteState.active("GET:/late"))));
    assertThat(decision(engine, "/late")).isInstanceOf(Decision.Maintenance.class);
    backend.load.asTheStoreDoes();
    eventually(() -> assertOpen(engine, "/open"));
    assertOpen(engine, "/late");
    assertThat(decision(engine, "/off")).isInstanceOf(Decision.Disabled.class);
  }

  @Test
  void waitStartsOnlyAfterTheFirstLoad() {
    ShieldEngine engine = cold(ShieldOptions.ColdStart.WAIT);
    Future<Void> start = engine.start();
    eventually(() -> assertThat(backend.load.count()).isGreaterThan(2));
    assertThat(start.isComplete()).isFalse();
    backend.load.asTheStoreDoes();
    await(start);
    assertThat(contentOf(backend.store).states()).hasSize(3);
    assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store));
  }

  @Test
  void closingEndsWaiting() {
    ShieldEngine engine = cold(ShieldOptions.ColdStart.WAIT);
    Future<Void> start = engine.start();
    eventually(() -> assertThat(backend.load.count()).isGreaterThan(0));
    await(engine.close());
    assertThat(failureOf(start)).hasMessageContaining("closed");
  }

  @Test
  void whatIsStoredWinsOverTheDeclarationOnceItIsKnown() {
    MemoryBackend store = backend.store;
    ShieldEngine other = started(store);
    await(other.register(List.of(OPEN, OFF)));
    await(other.routes().disable("/open", ALICE, ""));
    await(other.routes().enable("/off", ALICE, ""));
    ShieldEngine engine = cold(ShieldOptions.ColdStart.OPEN);
    await(engine.start());
    assertOpen(engine, "/open");
    backend.load.asTheStoreDoes();
    eventually(() -> assertThat(decision(engine, "/open")).isInstanceOf(Decision.Disabled.class));
    assertOpen(engine, "/off");
  }

  @Test
  void theStoreMayBeUnreachableAtEveryStep() {
    backend.startup.failOnce(ScriptedBackend.unreachable());
    backend.subscribe.failOnce(ScriptedBackend.unreachable());
    backend.load.failOnce(ScriptedBackend.unreachable());
    ShieldEngine engine = started(backend);
    assertThat(engine.store().status().condition()).isEqualTo(Condition.STARTING);
    eventually(() -> assertThat(engine.store().status().condition()).isEqualTo(Condition.READY));
    assertThat(backend.startup.count()).isEqualTo(2);
    assertThat(backend.subscribe.count()).isEqualTo(2);
    assertThat(backend.load.count()).isEqualTo(2);
    assertThat(backend.subscriptions()).isEqualTo(1);
  }

  @Test
  void noRetryLeavesAnythingBehind() {
    AtomicReference<WeakReference<Throwable>> first = new AtomicReference<>();
    backend.startup.answer(
        store -> {
          Throwable failure = ScriptedBackend.unreachable();
          first.compareAndSet(null, new WeakReference<>(failure));
          return Future.failedFuture(failure);
        });
    started(backend);
    eventually(() -> assertThat(backend.startup.count()).isGreaterThan(2));
    eventually(
        () -> {
          System.gc();
          assertThat(first.get().get()).isNull();
        });
  }

  @Test
  void anyOtherFailureFailsTheStart() {
    ShieldException wrong = new ShieldException("wrong credentials");
    backend.startup.fail(wrong);
    ShieldEngine engine = created(on(backend));
    assertThat(failureOf(engine.start())).isSameAs(wrong);
    assertThat(engine.store().status().condition()).isEqualTo(Condition.CLOSED);
    assertThat(backend.shutdown.count()).isZero();
    assertThat(failureOf(engine.routes().disable("/a", ALICE, ""))).hasMessageContaining("closed");
    await(engine.close());
  }

  @Test
  void anUnreadableStoreFailsTheStartAndIsShutDownOnce() {
    backend.load.fail(new ShieldException("line 7 is no JSON"));
    ShieldEngine engine = created(on(backend));
    assertThat(failureOf(engine.start())).hasMessage("line 7 is no JSON");
    assertThat(backend.subscriptions()).isZero();
    await(engine.close());
    assertThat(backend.shutdown.count()).isEqualTo(1);
  }

  @Test
  void whatOpensAfterTheEngineWasClosedIsClosedToo() {
    Promise<Void> slow = Promise.promise();
    backend.startup.answer(store -> slow.future());
    ShieldEngine engine = created(on(backend));
    Future<Void> start = engine.start();
    eventually(() -> assertThat(backend.startup.count()).isEqualTo(1));
    await(engine.close());
    assertThat(failureOf(start)).hasMessageContaining("closed");
    assertThat(backend.shutdown.count()).isZero();
    slow.complete();
    eventually(() -> assertThat(backend.shutdown.count()).isEqualTo(1));
    assertThat(backend.subscribe.count()).isZero();
  }

  @Test
  void aSubscriptionThatOpensAfterTheEngineWasClosedIsCancelled() {
    Promise<Void> slow = Promise.promise();
    backend.subscribe.answer(store -> slow.future().compose(v -> store.get()));
    ShieldEngine engine = created(on(backend));
    Future<Void> start = engine.start();
    eventually(() -> assertThat(backend.subscribe.count()).isEqualTo(1));
    await(engine.close());
    assertThat(failureOf(start)).hasMessageContaining("closed");
    slow.complete();
    eventually(() -> assertThat(backend.subscriptions()).isZero());
    assertThat(backend.load.count()).isZero();
    assertThat(backend.shutdown.count()).isEqualTo(1);
  }

  @Test
  void aLoadThatEndsAfterTheEngineWasClosedChangesNothing() {
    Promise<Snapshot> slow = Promise.promise();
    backend.load.answer(store -> slow.future());
    ShieldEngine engine = created(on(backend));
    Future<Void> start = engine.start();
    eventually(() -> assertThat(backend.load.count()).isEqualTo(1));
    await(engine.close());
    assertThat(failureOf(start)).hasMessageContaining("closed");
    slow.complete(contentOf(backend.store));
    assertThat(failureOf(engine.audit().newest(1))).hasMessageContaining("closed");
    assertThat(engine.store().status().condition()).isEqualTo(Condition.CLOSED);
  }

  @Test
  void aSubscriptionIsCancelledBeforeTheStoreIsShutDown() {
    backend.shutdown.answer(
        store -> {
          assertThat(backend.subscriptions()).isZero();
          return store.get();
        });
    ShieldEngine engine = started(backend);
    backend.subscribe.answer(store -> Future.<Subscription>failedFuture("not again"));
    await(engine.close());
    assertThat(backend.shutdown.count()).isEqualTo(1);
  }
}
