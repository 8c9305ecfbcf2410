package io.shield.backend.file.impl;

import io.shield.backend.file.impl.FileStore.Outcome;
import io.shield.model.Change;
import io.shield.model.Head;
import io.shield.model.ShieldException;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An open store and its two threads: one that writes, one that reads, so that a write waiting for
 * another process's lock keeps nobody from seeing what is new. Thread-safe.
 */
final class RunningStore {
  private static final AtomicLong NUMBER = new AtomicLong();

  private final WorkerExecutor writing;
  private final WorkerExecutor reading;
  private final FileStore store;
  private final Queue<Pending> pending = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean polling = new AtomicBoolean();
  private final AtomicBoolean adopting = new AtomicBoolean();
  private boolean closed; // Only the writing thread looks.

  /** A change on its way; the writing thread alone settles it. */
  private static final class Pending {
    final Change change;
    @Nullable Outcome outcome;

    Pending(Change change) {
      this.change = change;
    }
  }

  private RunningStore(WorkerExecutor writing, WorkerExecutor reading, FileStore store) {
    this.writing = writing;
    this.reading = reading;
    this.store = store;
  }

  /** Opens a store on threads of its own. */
  static Future<RunningStore> open(Vertx vertx, FileStore.Setup setup) {
    long number = NUMBER.incrementAndGet();
    WorkerExecutor writing = vertx.createSharedWorkerExecutor("shield-file-write-" + number, 1);
    WorkerExecutor reading = vertx.createSharedWorkerExecutor("shield-file-read-" + number, 1);
    return run(writing, () -> FileStore.open(setup))
        .map(store -> new RunningStore(writing, reading, store))
        .recover(
            e ->
                Future.join(writing.close(), reading.close())
                    .transform(stopped -> Future.failedFuture(e)));
  }

  /** Does something on a thread; the future completes on the caller's context. */
  private static <T extends @Nullable Object> Future<T> run(
      WorkerExecutor thread, Callable<T> work) {
    try {
      return thread.executeBlocking(work, false);
    } catch (RuntimeException closedMeanwhile) {
      return Future.failedFuture(closedMeanwhile);
    }
  }

  /** Writes what was handed in before, then ends. */
  Future<Void> close() {
    return run(
            writing,
            () -> {
              closed = true;
              store.close();
              return null;
            })
        .eventually(() -> Future.join(writing.close(), reading.close()))
        .mapEmpty();
  }

  /** Where the store is; what others wrote otherwise than as Shield is in it a little later. */
  Future<Head> head() {
    return run(
        reading,
        () -> {
          if (store.refresh()) {
            adoptLater();
          }
          return store.image().head();
        });
  }

  /** The image with everything that was in the file when it was asked for. */
  Future<Image> image() {
    return run(reading, store::refresh)
        .compose(foreign -> foreign ? adopt() : Future.succeededFuture())
        .map(done -> store.image());
  }

  /** Looks whether others changed the file; not while the former look is under way. */
  void poll() {
    if (polling.compareAndSet(false, true)) {
      head().onComplete(done -> polling.set(false));
    }
  }

  private void adoptLater() {
    if (adopting.compareAndSet(false, true)) {
      adopt().onComplete(done -> adopting.set(false));
    }
  }

  private Future<Void> adopt() {
    return run(
        writing,
        () -> {
          store.adopt();
          return null;
        });
  }

  Future<CommitResult> commit(Change change) {
    Pending mine = new Pending(change);
    pending.add(mine);
    return run(writing, () -> resultOf(mine));
  }

  /** The first of those that wait writes for all; the others find their outcome. */
  private CommitResult resultOf(Pending mine) {
    if (mine.outcome == null) {
      settleAll();
    }
    Outcome outcome = Objects.requireNonNull(mine.outcome, "whoever waits is in the queue");
    if (outcome instanceof Outcome.Failed failed) {
      throw failed.cause();
    }
    return ((Outcome.Decided) outcome).result();
  }

  private void settleAll() {
    List<Pending> batch = new ArrayList<>();
    for (Pending next = pending.poll(); next != null; next = pending.poll()) {
      batch.add(next);
    }
    List<Outcome> outcomes = outcomes(batch.stream().map(each -> each.change).toList());
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).outcome = outcomes.get(i);
    }
  }

  private List<Outcome> outcomes(List<Change> changes) {
    if (closed) {
      return all(changes, new ChangeRefusedException("the file backend was shut down", null));
    }
    try {
      return store.commit(changes);
    } catch (RuntimeException e) {
      return all(changes, new ShieldException("a commit failed in a way that nobody foresaw", e));
    }
  }

  private static List<Outcome> all(List<Change> changes, ShieldException cause) {
    return changes.stream().map(change -> (Outcome) new Outcome.Failed(cause)).toList();
  }
}
