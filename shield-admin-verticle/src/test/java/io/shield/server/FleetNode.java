package io.shield.server;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.OutcomeUnknownException;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.Asked;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import io.shield.fixtures.history.HistoryEvent.Wanted;
import io.shield.fixtures.history.Marks;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A process of the service {@code shop} under servers: follows, and asks for changes of its routes
 * while it is told to. What it asks and sees is recorded.
 */
final class FleetNode implements AutoCloseable {
  /** The service that all nodes are. */
  static final String SERVICE = "shop";

  private static final List<String> ROUTES = List.of("GET:/a", "GET:/b", "POST:/a");
  private static final int TICK_MILLIS = 20;
  private static final int MOST_PENDING = 3;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final String name;
  private final Random random;
  private final Consumer<HistoryEvent> history;
  private final ShieldEngine engine;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean writing;
  private int operations;

  FleetNode(String name, String urls, Path cache, long seed, Consumer<HistoryEvent> history)
      throws Exception {
    this.name = name;
    this.random = new Random(seed);
    this.history = history;
    this.engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setName(name)
                .setBackend("server")
                .setService(SERVICE)
                .putSetting("SHIELD_SERVER_URL", urls)
                .putSetting("SHIELD_CACHE_DIR", cache.toString()));
    engine.onChange(change -> saw(change.after()));
    engine.register(ROUTES.stream().map(RouteState::active).toList());
    engine.start().toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    context.runOnContext(v -> vertx.setPeriodic(TICK_MILLIS, timer -> tick()));
  }

  /** Of what was gone through at once after a break, only the end has a name. */
  private void saw(Snapshot snapshot) {
    if (!snapshot.head().commitId().startsWith("before-")) {
      history.accept(Marks.saw(name, snapshot));
    }
  }

  ShieldEngine engine() {
    return engine;
  }

  Head head() {
    return engine.snapshot().head();
  }

  /** How many of its changes were acknowledged. */
  int accepted() {
    return accepted.get();
  }

  void write(boolean value) {
    writing = value;
  }

  boolean isResting() {
    return !writing && pending.get() == 0;
  }

  /** Records all it holds. */
  void hold() {
    history.accept(Marks.held(name, engine.snapshot()));
  }

  private void tick() {
    if (writing && pending.get() < MOST_PENDING && random.nextInt(3) == 0) {
      ask();
    }
  }

  private void ask() {
    String op = name + "#" + operations++;
    String route = ROUTES.get(random.nextInt(ROUTES.size()));
    String document = Marks.name(DocumentKey.state(route));
    pending.incrementAndGet();
    history.accept(new Asked(name, op, List.of(new Wanted(document, null, op, true))));
    Actor actor = Actor.of(name, "sdk");
    Future<RouteState> answer =
        random.nextBoolean()
            ? engine.routes().disable(route, actor, op)
            : engine.routes().maintenance(route, actor, op);
    answer.onComplete(
        result -> {
          history.accept(result.succeeded() ? accepted(op, result.result()) : failed(op, result));
          pending.decrementAndGet();
        });
  }

  private HistoryEvent accepted(String op, RouteState state) {
    accepted.incrementAndGet();
    return new Accepted(name, op, head().epoch(), state.version());
  }

  private HistoryEvent failed(String op, io.vertx.core.AsyncResult<?> result) {
    Throwable failure = result.cause();
    String why = String.valueOf(failure.getMessage());
    return failure instanceof OutcomeUnknownException
        ? new Unknown(name, op, why)
        : new Refused(name, op, failure instanceof VersionMismatchException, why);
  }

  @Override
  public void close() {
    engine.close().toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
