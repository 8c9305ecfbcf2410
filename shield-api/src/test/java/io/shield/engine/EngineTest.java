package io.shield.engine;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * What tests of engines share: one Vert.x for a class, and engines that are closed after a test.
 */
abstract class EngineTest {
  static final Actor ALICE = Actor.of("alice", "cli");

  /** For what should not happen at all in a test: heads are not polled meanwhile. */
  static final Duration NEVER = Duration.ofHours(1);

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final int SECONDS = 60;

  static Vertx vertx;

  private final List<ShieldEngine> engines = new ArrayList<>();

  @BeforeAll
  static void openVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void closeVertx() {
    await(vertx.close());
  }

  @AfterEach
  void closeEngines() {
    engines.forEach(engine -> await(engine.close()));
  }

  /** Options for an engine of a name of its own that polls often. */
  static ShieldOptions on(ShieldBackend store) {
    return new ShieldOptions()
        .setName("engine-" + NUMBER.incrementAndGet())
        .setBackend(store)
        .setHeadInterval(Duration.ofMillis(50))
        .setPollInterval(Duration.ofMillis(50));
  }

  /** An engine that was not started, closed after the test. */
  ShieldEngine created(ShieldOptions options) {
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    engines.add(engine);
    return engine;
  }

  /** A started engine, closed after the test. */
  ShieldEngine started(ShieldOptions options) {
    ShieldEngine engine = created(options);
    await(engine.start());
    return engine;
  }

  /** A started engine, closed after the test. */
  ShieldEngine started(ShieldBackend store) {
    return started(on(store));
  }

  static void register(ShieldEngine engine, String... keys) {
    await(engine.register(List.of(keys).stream().map(RouteState::active).toList()));
  }

  static List<AuditEntry> auditOf(ShieldBackend store) {
    return await(store.auditLog(AuditQuery.newest(AuditQuery.MAX_LIMIT)));
  }

  static Snapshot contentOf(MemoryBackend store) {
    return await(store.load());
  }

  /** The result of a future, within a time that is never reached unless it got lost. */
  static <T> T await(Future<T> future) {
    try {
      return done(future).get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** The failure of a future. */
  static Throwable failureOf(Future<?> future) {
    try {
      Object result = done(future).get(SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("succeeded with " + result);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }

  private static <T> CompletableFuture<T> done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture();
  }

  /** Waits until an assertion holds. */
  static void eventually(ThrowingRunnable assertion) {
    patiently().untilAsserted(assertion);
  }

  static ConditionFactory patiently() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(SECONDS));
  }
}
