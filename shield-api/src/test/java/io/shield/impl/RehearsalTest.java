package io.shield.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes before the first start, and what is asked meanwhile. */
class RehearsalTest {
  private static final String ROUTE = "GET:/a";

  private final VertxInternal vertx = (VertxInternal) Vertx.vertx();
  private final Map<String, Boolean> onWorker = new ConcurrentHashMap<>();
  private final List<String> order = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** A store that notes on which threads it is asked for what. */
  private ShieldBackend noting(ShieldBackend store) {
    return (ShieldBackend)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ShieldBackend.class},
            (proxy, method, arguments) -> {
              onWorker.merge(method.getName(), Context.isOnWorkerThread(), Boolean::logicalAnd);
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private EngineCore engine() {
    ShieldOptions options = new ShieldOptions().setBackend(MemoryBackend.create());
    return new EngineCore(vertx, Configuration.ofAlone(options));
  }

  private <T> Future<T> noted(String what, Future<T> future) {
    return future.onComplete(
        result -> order.add(result.succeeded() ? what : what + " " + result.cause()));
  }

  @Test
  void doesOnAWorkerWhatAStartDoes() {
    await(Engines.rehearse(vertx, noting(MemoryBackend.create())));
    assertThat(onWorker).containsKeys("startup", "load", "subscribe", "commit", "shutdown");
    assertThat(onWorker.values()).containsOnly(true);
  }

  @Test
  void succeedsWhateverComesOfIt() {
    ShieldBackend broken =
        (ShieldBackend)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ShieldBackend.class},
                (proxy, method, arguments) -> {
                  throw new IllegalStateException("broken");
                });
    await(Engines.rehearse(vertx, broken));
    EngineCore engine = engine();
    await(engine.start(Future.failedFuture("broken")));
    await(engine.close());
  }

  @Test
  void whatIsAskedBeforeTheStartBeginsIsDoneAfterItInOrder() {
    Promise<Void> rehearsal = Promise.promise();
    EngineCore engine = engine();
    Future<Void> started = noted("start", engine.start(rehearsal.future()));
    noted("register", engine.register(List.of(RouteState.active(ROUTE))));
    noted("disable", new RoutesImpl(engine).disable(ROUTE, Actor.of("alice", "cli"), "why"));
    Future<Void> closed = noted("close", engine.close());
    assertThat(await(vertx.executeBlocking(() -> order))).isEmpty();
    rehearsal.complete();
    await(closed);
    await(started);
    assertThat(order)
        .containsSubsequence("register", "disable", "close")
        .containsOnlyOnce("start")
        .hasSize(4);
  }

  @Test
  void aFailedRehearsalDoesNotKeepTheEngineFromStarting() {
    Promise<Void> rehearsal = Promise.promise();
    EngineCore engine = engine();
    Future<Void> started = engine.start(rehearsal.future());
    rehearsal.fail("broken");
    await(started);
    await(engine.close());
  }

  @Test
  void endsWithItsVertx() {
    Promise<Void> rehearsal = Promise.promise();
    EngineCore engine = engine();
    Future<Void> started = engine.start(rehearsal.future());
    Future<Void> closed = engine.close();
    rehearsal.complete();
    await(closed);
    await(started);
    await(vertx.close());
    await(Engines.rehearse(vertx, MemoryBackend.create()));
  }
}
