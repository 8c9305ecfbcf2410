package io.shield.engine;

import io.shield.memory.MemoryBackend;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A memory store between which and the engine a test stands: it counts the calls, answers in place
 * of the store, and holds back what is pushed.
 */
final class ScriptedBackend implements ShieldBackend {
  /** How a call is answered; it may ask the store or not. */
  @FunctionalInterface
  interface Answer<T> {
    Future<T> to(Supplier<Future<T>> store);
  }

  /** The calls of one method. */
  static final class Calls<T> {
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<Answer<T>> always = new AtomicReference<>(Supplier::get);
    private final List<Answer<T>> next = new CopyOnWriteArrayList<>();

    /** How often it was called. */
    int count() {
      return count.get();
    }

    /** Answers every call. */
    void answer(Answer<T> answer) {
      always.set(answer);
    }

    /** Answers one call to come. */
    void answerOnce(Answer<T> answer) {
      next.add(answer);
    }

    void fail(Throwable failure) {
      answer(store -> Future.failedFuture(failure));
    }

    void failOnce(Throwable failure) {
      answerOnce(store -> Future.failedFuture(failure));
    }

    void asTheStoreDoes() {
      answer(Supplier::get);
    }

    private Future<T> call(Supplier<Future<T>> store) {
      count.incrementAndGet();
      return (next.isEmpty() ? always.get() : next.remove(0)).to(store);
    }
  }

  final MemoryBackend store = MemoryBackend.create();
  final Calls<Void> startup = new Calls<>();
  final Calls<Head> head = new Calls<>();
  final Calls<Snapshot> load = new Calls<>();
  final Calls<Descent> descent = new Calls<>();
  final Calls<CommitResult> commit = new Calls<>();
  final Calls<Subscription> subscribe = new Calls<>();
  final Calls<Void> shutdown = new Calls<>();

  /** The changes the engine asked for, repetitions included. */
  final List<Change> asked = new CopyOnWriteArrayList<>();

  /** What was held back. */
  final List<Commit> held = new CopyOnWriteArrayList<>();

  private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
  private final boolean push;
  private volatile boolean holding;

  ScriptedBackend() {
    this(true);
  }

  private ScriptedBackend(boolean push) {
    this.push = push;
    await(
        store.subscribe(
            new CommitListener() {
              @Override
              public void committed(Commit commit) {
                if (holding) {
                  held.add(commit);
                } else {
                  push(commit);
                }
              }

              @Override
              public void outdated() {}
            }));
  }

  static ScriptedBackend withoutPush() {
    return new ScriptedBackend(false);
  }

  static StoreUnreachableException unreachable() {
    return new StoreUnreachableException("connection refused", null);
  }

  /** Pushes nothing from now on, or everything to come. */
  void hold(boolean value) {
    holding = value;
  }

  /** Pushes one commit. */
  void push(Commit commit) {
    listeners.forEach(listener -> listener.committed(commit));
  }

  /** Tells that something changed, without saying what. */
  void pushOutdated() {
    listeners.forEach(CommitListener::outdated);
  }

  /** How many subscriptions are open. */
  int subscriptions() {
    return listeners.size();
  }

  private static void await(Future<?> future) {
    EngineTest.await(future);
  }

  @Override
  public Future<Void> startup(Vertx vertx) {
    return startup.call(() -> store.startup(vertx));
  }

  @Override
  public Future<Head> head() {
    return head.call(store::head);
  }

  @Override
  public Future<Snapshot> load() {
    return load.call(store::load);
  }

  @Override
  public Future<Descent> descent(Head earlier, Head later) {
    return descent.call(() -> store.descent(earlier, later));
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    asked.add(change);
    return commit.call(() -> store.commit(change));
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return store.auditLog(query);
  }

  @Override
  public Future<Subscription> subscribe(CommitListener listener) {
    return subscribe.call(
        () -> {
          listeners.add(listener);
          return Future.succeededFuture(
              () -> {
                listeners.remove(listener);
                return Future.succeededFuture();
              });
        });
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, push, false);
  }

  @Override
  public Future<Void> shutdown() {
    return shutdown.call(store::shutdown);
  }
}
