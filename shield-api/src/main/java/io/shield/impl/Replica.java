package io.shield.impl;

import io.shield.StoreStatus;
import io.shield.StoreStatus.Condition;
import io.shield.model.Commit;
import io.shield.model.DocumentKey;
import io.shield.model.Head;
import io.shield.model.Snapshot;
import io.shield.spi.CommitListener;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the store. It subscribes first, then loads, then replays what came meanwhile.
 * A commit is applied only if it directly follows; anything else means loading again. What was
 * loaded replaces the copy, it is never merged. A store that is older than the copy, or of another
 * lineage, is not believed.
 */
final class Replica {
  /** Puts the copy into force. */
  interface Observer {
    /**
     * Gets ready for a snapshot, before it becomes the copy.
     *
     * @param changed the documents that differ, or null if any may
     * @return what puts it into force; at once if that is quick, else when it is ready
     */
    Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed);

    /** A commit was applied. */
    void applied(Snapshot before, Snapshot after, Commit commit);

    /** The copy was loaded anew. */
    void replaced(Snapshot before, Snapshot after);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
  private static final long MIN_BACKOFF_MILLIS = 250;
  private static final long MAX_BACKOFF_MILLIS = 10_000;
  private static final long HEAD_TIMEOUT_SECONDS = 5;

  private final ContextInternal context;
  private final ShieldBackend backend;
  private final Observer observer;
  private final Duration interval;
  private final List<Commit> arrivedWhileBusy = new ArrayList<>();
  private final Promise<Void> firstLoad;

  private volatile Snapshot snapshot = Snapshot.empty(Head.NONE);
  private volatile StoreStatus status = new StoreStatus(Condition.STARTING, Head.NONE, null);
  private @Nullable Future<Void> busy;
  private @Nullable Subscription subscription;
  private boolean started;
  private boolean outdated;
  private boolean closed;
  private long backoffMillis = MIN_BACKOFF_MILLIS;

  Replica(ContextInternal context, ShieldBackend backend, Observer observer, Duration interval) {
    this.context = context;
    this.backend = backend;
    this.observer = observer;
    this.interval = interval;
    this.firstLoad = context.promise();
  }

  /** The copy. May be called from any thread. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** The condition. May be called from any thread. */
  StoreStatus status() {
    return status;
  }

  boolean isLoaded() {
    return status.condition() != Condition.STARTING;
  }

  /** The load or compilation under way, or null. */
  @Nullable Future<Void> busy() {
    return busy;
  }

  /** Succeeds after the first load. */
  Future<Void> firstLoad() {
    return firstLoad.future();
  }

  /**
   * Opens the store and loads it. Fails if that cannot work; succeeds without having loaded if the
   * store is only unreachable, and goes on trying.
   */
  Future<Void> start() {
    return open()
        .recover(
            failure -> {
              if (!(failure instanceof StoreUnreachableException)) {
                return Future.failedFuture(failure);
              }
              LOG.warn("Cold start, the store cannot be reached: {}", failure.getMessage());
              status = new StoreStatus(Condition.STARTING, Head.NONE, failure.getMessage());
              retryLater();
              return context.succeededFuture();
            });
  }

  private Future<Void> open() {
    Future<Void> opened =
        started
            ? context.succeededFuture()
            : onContext(backend.startup(context.owner())).onSuccess(v -> started = true);
    return opened.compose(v -> subscribe()).compose(v -> load()).onSuccess(v -> watch());
  }

  /** Brings a backend's answer back to this context. */
  private <T> Future<T> onContext(Future<T> future) {
    Promise<T> promise = context.promise();
    future.onComplete(promise);
    return promise.future();
  }

  private void retryLater() {
    long wait = backoffMillis / 2 + ThreadLocalRandom.current().nextLong(backoffMillis / 2 + 1);
    backoffMillis = Math.min(MAX_BACKOFF_MILLIS, backoffMillis * 2);
    context.setTimer(
        wait,
        timer -> {
          if (!closed) {
            open().onFailure(failure -> retryLater());
          }
        });
  }

  private Future<Void> subscribe() {
    if (subscription != null || !backend.capabilities().push()) {
      return context.succeededFuture();
    }
    CommitListener listener =
        new CommitListener() {
          @Override
          public void committed(Commit commit) {
            context.runOnContext(v -> receive(commit));
          }

          @Override
          public void outdated() {
            context.runOnContext(v -> reload());
          }
        };
    return onContext(backend.subscribe(listener)).onSuccess(made -> subscription = made).mapEmpty();
  }

  /** Takes in a commit that was pushed, or that this node made. */
  void receive(Commit commit) {
    if (closed) {
      return;
    }
    if (busy != null) {
      arrivedWhileBusy.add(commit);
    } else if (snapshot.precedes(commit)) {
      apply(commit);
    } else if (!isKnown(commit.head())) {
      reload();
    }
  }

  private boolean isKnown(Head head) {
    return head.epoch().equals(snapshot.head().epoch())
        && head.revision() <= snapshot.head().revision();
  }

  private void apply(Commit commit) {
    Snapshot next = snapshot.apply(commit);
    Set<DocumentKey> changed = new HashSet<>();
    commit.change().edits().forEach(edit -> changed.add(edit.key()));
    Future<Runnable> prepared = observer.prepare(next, changed);
    if (prepared.succeeded()) {
      enforce(next, prepared.result(), before -> observer.applied(before, next, commit));
      return;
    }
    Promise<Void> done = context.promise();
    busy = done.future();
    prepared.onComplete(
        result -> {
          busy = null;
          if (result.succeeded()) {
            enforce(next, result.result(), before -> observer.applied(before, next, commit));
          } else {
            LOG.error("A commit could not be compiled, loading again", result.cause());
            outdated = true;
          }
          replayArrived();
          done.complete();
        });
  }

  private void enforce(Snapshot next, Runnable putIntoForce, Consumer<Snapshot> tell) {
    Snapshot before = snapshot;
    putIntoForce.run();
    snapshot = next;
    ready();
    tell.accept(before);
  }

  /** Replays what arrived while busy; should it not fit, another load follows. */
  private void replayArrived() {
    List<Commit> arrived = List.copyOf(arrivedWhileBusy);
    arrivedWhileBusy.clear();
    arrived.forEach(this::receive);
    if (outdated) {
      outdated = false;
      reload();
    }
  }

  private void ready() {
    if (status.condition() == Condition.UNREACHABLE) {
      LOG.info("The store answers again");
    }
    status = new StoreStatus(Condition.READY, snapshot.head(), null);
    backoffMillis = MIN_BACKOFF_MILLIS;
  }

  /** Loads again; one load at a time. A load asked for while busy follows. */
  Future<Void> reload() {
    if (busy != null) {
      outdated = true;
      return busy;
    }
    return load();
  }

  private Future<Void> load() {
    if (busy != null) {
      return busy;
    }
    Promise<Void> done = context.promise();
    busy = done.future();
    onContext(backend.load())
        .compose(
            fresh ->
                believe(fresh.head())
                    ? observer.prepare(fresh, null).map(force -> new Loaded(fresh, force))
                    : context.succeededFuture())
        .onComplete(
            result -> {
              busy = null;
              if (closed) {
                done.fail(new StoreUnreachableException("the engine is closed", null));
                return;
              }
              if (result.failed()) {
                unreachable(result.cause());
              } else if (result.result() != null) {
                loaded(result.result());
              }
              replayArrived();
              done.handle(result.mapEmpty());
            });
    return done.future();
  }

  private record Loaded(Snapshot fresh, Runnable putIntoForce) {}

  private void loaded(Loaded loaded) {
    boolean first = snapshot.head().equals(Head.NONE);
    boolean news = !snapshot.head().equals(loaded.fresh.head());
    enforce(
        loaded.fresh,
        loaded.putIntoForce,
        before -> {
          if (news) {
            observer.replaced(before, loaded.fresh);
          }
        });
    if (first) {
      firstLoad.tryComplete();
    }
  }

  private boolean believe(Head head) {
    Head held = snapshot.head();
    if (held.equals(Head.NONE)) {
      return true;
    }
    if (head.epoch().equals(held.epoch()) && head.revision() >= held.revision()) {
      return true;
    }
    String problem =
        "the store is at "
            + head
            + ", this node at "
            + held
            + ": it was emptied, set back or exchanged; what this node knows stays in force";
    if (status.condition() != Condition.DISTRUSTED) {
      LOG.error("Not believed: {}", problem);
    }
    status = new StoreStatus(Condition.DISTRUSTED, held, problem);
    return false;
  }

  private void unreachable(Throwable cause) {
    String problem = String.valueOf(cause.getMessage());
    if (status.condition() == Condition.READY) {
      LOG.warn("The store cannot be read, what is known stays in force: {}", problem);
    }
    Condition condition =
        status.condition() == Condition.STARTING ? Condition.STARTING : Condition.UNREACHABLE;
    status = new StoreStatus(condition, snapshot.head(), problem);
  }

  /** Asks for the head at intervals: heartbeat and anti-entropy in one. */
  private void watch() {
    context.setTimer(interval.toMillis(), timer -> checkHead());
  }

  private void checkHead() {
    if (closed) {
      return;
    }
    onContext(backend.head())
        .timeout(HEAD_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .compose(this::follow)
        .onFailure(this::unreachable)
        .onComplete(result -> watch());
  }

  private Future<Void> follow(Head head) {
    if (head.equals(snapshot.head())) {
      ready();
      return context.succeededFuture();
    }
    return busy == null ? reload() : busy;
  }

  Future<Void> close() {
    closed = true;
    status = new StoreStatus(Condition.CLOSED, snapshot.head(), null);
    firstLoad.tryFail(new StoreUnreachableException("the engine is closed", null));
    Subscription open = subscription;
    Future<Void> cancelled = open == null ? context.succeededFuture() : onContext(open.cancel());
    return cancelled
        .otherwiseEmpty()
        .compose(v -> started ? onContext(backend.shutdown()) : context.succeededFuture());
  }
}
