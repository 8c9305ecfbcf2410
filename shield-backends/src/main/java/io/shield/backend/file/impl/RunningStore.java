package io.shield.backend.file.impl;

import io.shield.backend.file.impl.FileStore.Outcome;
import io.shield.error.ShieldException;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.Hits;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.RateLimitHit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open store and its two threads: one that writes, one that reads, so that a write waiting for
 * another process's lock keeps nobody from seeing what is new. Thread-safe.
 */
final class RunningStore {
  private static final long TRY_NANOS = 2_000_000_000L;

  private final StoreThread writing;
  private final StoreThread reading;
  private final FileStore store;
  private final LimitsQueue limits;
  private final Queue<Pending> pending = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean polling = new AtomicBoolean();
  private final AtomicBoolean adopting = new AtomicBoolean();
  private volatile long tried = System.nanoTime();
  private boolean closed; // Only the writing thread looks.

  /** A change on its way; the writing thread alone settles it. */
  private record Pending(Change change, Promise<CommitResult> answer) {
    void settle(Outcome outcome) {
      if (outcome instanceof Outcome.Failed failed) {
        StoreThread.settle(answer, Future.failedFuture(failed.cause()));
      } else {
        CommitResult result = ((Outcome.Decided) outcome).result();
        StoreThread.settle(answer, Future.succeededFuture(result));
      }
    }
  }

  private RunningStore(Vertx vertx, StoreThread writing, StoreThread reading, FileStore store) {
    this.writing = writing;
    this.reading = reading;
    this.store = store;
    this.limits = new LimitsQueue(vertx, this::write, store.limits(), this::refuseAll);
  }

  /** Opens a store on threads of its own. */
  static Future<RunningStore> open(Vertx vertx, FileStore.Setup setup) {
    StoreThread writing = new StoreThread(vertx, "shield-file-write");
    StoreThread reading = new StoreThread(vertx, "shield-file-read");
    return writing
        .run(() -> FileStore.open(setup))
        .map(store -> new RunningStore(vertx, writing, reading, store))
        .onFailure(
            e -> {
              writing.close();
              reading.close();
            });
  }

  /** Writes what was handed in before, then ends. */
  Future<Void> close() {
    Future<Void> done =
        writing.run(
            () -> {
              closed = true;
              limits.write();
              store.close();
              return null;
            });
    writing.close();
    reading.close();
    return done;
  }

  private void write(Runnable work) {
    writing.run(
        () -> {
          if (!closed) {
            work.run();
          }
          return null;
        });
  }

  /** What is to be written into the limits file. */
  LimitsQueue limits() {
    return limits;
  }

  /** The hits that match, those of the original's file among them. */
  Future<List<RateLimitHit>> hits(HitQuery query) {
    return reading.run(() -> Hits.select(limits.hits(store::hits), query));
  }

  /** What engines have counted. */
  Future<List<KeptCounters>> counters() {
    return reading.run(() -> store.limits().counters());
  }

  /** Where the store is; what others wrote otherwise than as Shield is in it a little later. */
  Future<Head> head() {
    return reading.run(
        () -> {
          if (store.refresh()) {
            adoptLater();
          }
          return store.image().head();
        });
  }

  /** The image with everything that was in the file when it was asked for. */
  Future<Image> image() {
    return reading
        .run(store::refresh)
        .compose(foreign -> foreign ? adopt() : Future.succeededFuture())
        .map(done -> store.image());
  }

  /** What of the file cannot be read, or null. */
  @Nullable String warning() {
    return store.warning();
  }

  /** What the disk does not take, or null. */
  @Nullable String problem() {
    return store.refused();
  }

  /** Looks whether others changed the file; not while the former look is under way. */
  void poll() {
    if (polling.compareAndSet(false, true)) {
      head().onComplete(done -> polling.set(false));
    }
    long now = System.nanoTime();
    if (store.refused() != null && now - tried > TRY_NANOS) {
      tried = now;
      write(store::tryAgain);
    }
  }

  private void adoptLater() {
    if (adopting.compareAndSet(false, true)) {
      adopt().onComplete(done -> adopting.set(false));
    }
  }

  private Future<Void> adopt() {
    return writing.run(
        () -> {
          settleAll(store::adopt);
          return null;
        });
  }

  Future<CommitResult> commit(Change change) {
    Pending mine = new Pending(change, writing.promise());
    pending.add(mine);
    writing.run(() -> writePending()).onFailure(mine.answer::tryFail);
    return mine.answer.future();
  }

  /** The first of those that wait writes for all. */
  private @Nullable Void writePending() {
    if (!pending.isEmpty()) {
      settleAll(store::commit);
    }
    return null;
  }

  /** Something else waited for the lock in vain: so did the changes that came meanwhile. */
  private void refuseAll(ChangeRefusedException lockHeld) {
    settleAll(waiting -> store.failed(waiting.get(), lockHeld));
  }

  /**
   * Gives the changes that wait their outcomes.
   *
   * @param how is given what takes them from the queue
   */
  private void settleAll(Function<Supplier<List<Change>>, List<Outcome>> how) {
    List<Pending> batch = new ArrayList<>();
    List<Outcome> outcomes;
    try {
      outcomes = closed ? all(take(batch), shutDown()) : how.apply(() -> take(batch));
    } catch (RuntimeException | Error e) {
      outcomes =
          all(take(batch), new ShieldException("a commit failed in a way that nobody foresaw", e));
      if (batch.isEmpty()) {
        throw e;
      }
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).settle(outcomes.get(i));
    }
  }

  private List<Change> take(List<Pending> batch) {
    for (Pending next = pending.poll(); next != null; next = pending.poll()) {
      batch.add(next);
    }
    return batch.stream().map(each -> each.change).toList();
  }

  private static ChangeRefusedException shutDown() {
    return new ChangeRefusedException("the file backend was shut down", null);
  }

  private static List<Outcome> all(List<Change> changes, ShieldException cause) {
    return changes.stream().map(change -> (Outcome) new Outcome.Failed(cause)).toList();
  }
}
