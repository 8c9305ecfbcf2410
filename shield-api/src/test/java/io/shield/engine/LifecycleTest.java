package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store.Status.Condition;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.gate.Gates;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How engines start, are shared, and end. */
class LifecycleTest extends EngineTest {
  private final ScriptedBackend backend = new ScriptedBackend();

  private static void assertAllFail(ShieldEngine engine, String words) {
    for (Future<?> operation :
        List.of(
            engine.routes().disable("GET:/a", ALICE, ""),
            engine.maintenance().enableGlobal(ALICE, ""),
            engine.documents().put("d", "x", 0),
            engine.documents().delete("d", 1),
            engine.audit().newest(1))) {
      assertThat(failureOf(operation))
          .isInstanceOf(ShieldException.class)
          .hasMessageContaining(words);
    }
  }

  @Test
  void beforeItIsStartedOperationsFailAndDeclarationsAreTaken() {
    ShieldEngine engine = created(on(backend));
    assertThat(engine.store().status().condition()).isEqualTo(Condition.STARTING);
    assertThat(engine.store().status().problem()).isEqualTo("the engine is not started");
    assertAllFail(engine, "not started");
    await(
        engine.register(
            List.of(RouteState.builder("GET:/a").status(RouteStatus.DISABLED).build())));
    assertThat(engine.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(backend.startup.count()).isZero();
    await(engine.start());
    assertThat(contentOf(backend.store).states()).containsKey("GET:/a");
  }

  @Test
  void afterItWasClosedOperationsFailAndWhatWasKnownCanBeRead() {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    await(engine.routes().disable("/a", ALICE, ""));
    await(engine.close());
    assertThat(engine.store().status().condition()).isEqualTo(Condition.CLOSED);
    assertThat(failureOf(engine.register(List.of(RouteState.active("GET:/late")))))
        .hasMessageContaining("closed");
    assertThat(engine.snapshot().states()).doesNotContainKey("GET:/late");
    assertAllFail(engine, "closed");
    assertThat(failureOf(engine.start())).hasMessageContaining("closed");
    assertThat(engine.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(engine.snapshot()).isEqualTo(contentOf(backend.store));
  }

  @Test
  void closingIsIdempotentAndShutsTheStoreDownOnce() {
    ShieldEngine engine = started(backend);
    Future<Void> first = engine.close();
    Future<Void> second = engine.close();
    await(first);
    await(second);
    await(engine.close());
    assertThat(backend.shutdown.count()).isEqualTo(1);
    assertThat(backend.subscriptions()).isZero();
  }

  @Test
  void aFailingShutdownIsReported() {
    ShieldEngine engine = ShieldEngine.create(vertx, on(backend));
    await(engine.start());
    backend.shutdown.fail(new ShieldException("cannot flush"));
    assertThat(failureOf(engine.close())).hasMessage("cannot flush");
  }

  @Test
  void anEngineThatWasNeverStartedCanBeClosed() {
    ShieldEngine engine = created(on(backend));
    await(engine.close());
    assertThat(backend.shutdown.count()).isZero();
  }

  @Test
  void anEngineThatWasNeverStartedCanBeClosedAfterItsVertx() {
    Vertx own = Vertx.vertx();
    ShieldEngine engine = ShieldEngine.create(own, on(backend));
    await(own.close());
    await(engine.close());
    assertThat(failureOf(engine.start())).hasMessageContaining("closed");
  }

  @Test
  void startingTwiceFailsAndHarmsNothing() {
    ShieldEngine engine = started(backend);
    register(engine, "GET:/a");
    assertThat(failureOf(engine.start())).hasMessageContaining("already started");
    await(engine.routes().disable("/a", ALICE, ""));
    assertThat(backend.shutdown.count()).isZero();
    assertThat(backend.startup.count()).isEqualTo(1);
  }

  @Test
  void aClosedEngineAsksItsStoreNothing() {
    ShieldEngine engine = started(backend);
    await(engine.close());
    int polls = backend.head.count();
    ShieldEngine witness = started(backend);
    eventually(() -> assertThat(backend.head.count()).isGreaterThan(polls + 3));
    await(witness.close());
    int more = backend.head.count();
    assertThat(backend.head.count()).isEqualTo(more);
    assertThat(engine.store().status().condition()).isEqualTo(Condition.CLOSED);
  }

  @Test
  void anEngineIsFoundByItsNameAndClosedByItsLastHolder() {
    ShieldOptions options = on(backend);
    String name = options.getName();
    assertThatThrownBy(() -> ShieldEngine.get(vertx, name))
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining("'" + name + "'");
    ShieldEngine first = started(options);
    register(first, "GET:/a");
    ShieldEngine second = ShieldEngine.get(vertx, name);
    ShieldEngine third = ShieldEngine.get(vertx, name);
    await(second.routes().disable("/a", ALICE, ""));
    assertThat(first.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(second.snapshot()).isSameAs(first.snapshot());
    await(first.close());
    // Closing one handle twice does not take away another's.
    await(first.close());
    await(second.close());
    await(third.routes().enable("/a", ALICE, ""));
    assertThat(backend.shutdown.count()).isZero();
    await(third.close());
    assertThat(backend.shutdown.count()).isEqualTo(1);
    assertThatThrownBy(() -> ShieldEngine.get(vertx, name)).isInstanceOf(ShieldException.class);
  }

  @Test
  void aMissingEngineIsReportedWithThoseThatExist() {
    ShieldEngine engine = started(backend);
    assertThatThrownBy(() -> ShieldEngine.get(vertx, "nobody"))
        .hasMessageContainingAll("'nobody'", engine.name());
    Vertx other = Vertx.vertx();
    assertThatThrownBy(() -> ShieldEngine.get(other, engine.name()))
        .hasMessageContaining("started here: none");
    await(other.close());
  }

  @Test
  void anEngineIsNotFoundBeforeItsStartSucceeded() {
    backend.startup.fail(new ShieldException("wrong credentials"));
    ShieldOptions options = on(backend);
    ShieldEngine engine = created(options);
    assertThatThrownBy(() -> ShieldEngine.get(vertx, options.getName()))
        .isInstanceOf(ShieldException.class);
    failureOf(engine.start());
    assertThatThrownBy(() -> ShieldEngine.get(vertx, options.getName()))
        .isInstanceOf(ShieldException.class);
  }

  @Test
  void aGivenNameCanBeTakenOnce() {
    ShieldOptions options = on(MemoryBackend.create());
    ShieldEngine first = started(options);
    ShieldEngine second = created(on(backend).setName(options.getName()));
    assertThat(failureOf(second.start()))
        .isInstanceOf(ShieldException.class)
        .hasMessageContainingAll("'" + options.getName() + "'", "already started");
    assertThat(backend.shutdown.count()).isEqualTo(1);
    assertThat(ShieldEngine.get(vertx, options.getName()).close().succeeded()).isTrue();
    await(first.close());
    // Afterwards the name is free.
    started(on(MemoryBackend.create()).setName(options.getName()));
  }

  @Test
  void theDefaultNameMayBeSharedButOnlyTheFirstIsFound() {
    ShieldOptions plain = new ShieldOptions().setBackend("memory");
    ShieldEngine first = started(plain);
    ShieldEngine second = started(new ShieldOptions().setBackend(backend));
    assertThat(first.name()).isEqualTo("shield").isEqualTo(second.name());
    register(first, "GET:/first");
    ShieldEngine found = ShieldEngine.get(vertx, "shield");
    assertThat(found.snapshot()).isSameAs(first.snapshot());
    await(found.close());
    await(second.close());
    assertThat(ShieldEngine.get(vertx, "shield").close().succeeded()).isTrue();
    await(first.close());
    assertThatThrownBy(() -> ShieldEngine.get(vertx, "shield")).isInstanceOf(ShieldException.class);
  }

  @Test
  void closingVertxClosesItsEngines() {
    Vertx own = Vertx.vertx();
    ShieldEngine engine = ShieldEngine.create(own, on(backend));
    await(engine.start());
    await(own.close());
    assertThat(backend.shutdown.count()).isEqualTo(1);
    assertThat(backend.subscriptions()).isZero();
    assertThat(engine.store().status().condition()).isEqualTo(Condition.CLOSED);
    await(engine.close());
    assertAllFail(engine, "closed");
    assertThat(failureOf(engine.start())).hasMessageContaining("closed");
    assertThat(failureOf(engine.register(List.of(RouteState.active("GET:/a")))))
        .hasMessageContaining("closed");
    Declarations.Route late = new Declarations.Route(RouteState.active("GET:/b"), true);
    EngineInternals.of(engine).declare(() -> {}, new Declarations(List.of(late), List.of()));
    assertThat(backend.shutdown.count()).isEqualTo(1);
  }

  @Test
  void closingVertxWaitsForTheStore() {
    Vertx own = Vertx.vertx();
    AtomicInteger closed = new AtomicInteger();
    backend.shutdown.answer(
        store -> own.timer(50).map(v -> null).<Void>mapEmpty().onSuccess(v -> closed.set(1)));
    await(ShieldEngine.create(own, on(backend)).start());
    await(own.close());
    assertThat(closed).hasValue(1);
  }

  @Test
  void badConfigurationIsReportedByStart() {
    ShieldEngine engine =
        created(
            new ShieldOptions()
                .setName("badly-configured")
                .putSetting("SHIELD_COLD_START", "lukewarm"));
    assertThat(engine.name()).isEqualTo("badly-configured");
    assertThat(failureOf(engine.start()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_COLD_START", "'lukewarm'", "open, closed, wait");
    await(engine.close());
  }

  @Test
  void optionsAreCopied() {
    ShieldOptions options = on(backend).setEnvironment("staging");
    ShieldEngine engine = started(options);
    options.setName("other").setEnvironment("production");
    assertThat(engine.name()).isNotEqualTo("other");
    assertThat(engine.site().environment()).isEqualTo("staging");
    assertThat(engine.vertx()).isSameAs(vertx);
  }

  @Test
  void closedEnginesAreNotKept() {
    // Neither by timers nor by hooks of Vert.x nor by their store.
    WeakReference<Gates> gone = gatesOfAClosedEngine();
    patiently()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              System.gc();
              return gone.get() == null;
            });
  }

  private WeakReference<Gates> gatesOfAClosedEngine() {
    ShieldEngine engine = ShieldEngine.create(vertx, on(backend));
    await(engine.start());
    register(engine, "GET:/a");
    await(engine.close());
    return new WeakReference<>(EngineInternals.of(engine).gates());
  }
}
