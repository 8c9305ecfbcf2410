package io.shield.impl;

import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's way to the simulated store. Everything takes time; requests, answers and messages may
 * get lost. Bugs of a node are planted here, between the node and its store.
 */
final class SimulatedWay implements ShieldBackend {
  private static final int SLOWEST_MILLIS = 30;

  private final SimulatedTime time;
  private final SimulatedStore store;
  private final @Nullable PlantedBug bug;
  private final Supplier<Snapshot> held;

  /** Of so many requests, answers and messages one gets lost; 0 if none does. */
  private int losses;

  private boolean cut;
  private long lastDelivery;
  private @Nullable CommitListener late;
  private @Nullable Snapshot forged;

  SimulatedWay(
      SimulatedTime time, SimulatedStore store, @Nullable PlantedBug bug, Supplier<Snapshot> held) {
    this.time = time;
    this.store = store;
    this.bug = bug;
    this.held = held;
  }

  void lose(int oneIn) {
    losses = oneIn;
  }

  /** Lets nothing through until it is mended. */
  void cut(boolean value) {
    cut = value;
  }

  private boolean isLost() {
    return cut || (losses > 0 && time.oneIn(losses));
  }

  /** Asks the store over the network. What is lost is told as a failure or not told at all. */
  private <T> Future<T> ask(Supplier<T> question) {
    Promise<T> answer = time.promise();
    if (isLost()) {
      fail(answer);
      return answer.future();
    }
    time.after(
        time.upTo(SLOWEST_MILLIS),
        () -> {
          Future<T> told = answerOf(question);
          if (isLost()) {
            fail(answer);
          } else {
            time.after(time.upTo(SLOWEST_MILLIS), () -> told.onComplete(answer));
          }
        });
    return answer.future();
  }

  private static <T> Future<T> answerOf(Supplier<T> question) {
    try {
      return Future.succeededFuture(question.get());
    } catch (ChangeRefusedException e) {
      return Future.failedFuture(e);
    }
  }

  private void fail(Promise<?> answer) {
    fail(answer, time.random.nextBoolean());
  }

  private void fail(Promise<?> answer, boolean told) {
    if (told) {
      time.after(
          time.upTo(SLOWEST_MILLIS),
          () -> answer.fail(new StoreUnreachableException("the connection was lost", null)));
    }
  }

  @Override
  public Future<Head> head() {
    return ask(() -> trusted(store.snapshot()).head());
  }

  @Override
  public Future<Snapshot> load() {
    Snapshot answer = forged;
    forged = null;
    if (answer != null) {
      return Future.succeededFuture(answer);
    }
    return ask(() -> trusted(store.snapshot()))
        .map(this::merged)
        .onSuccess(
            fresh -> {
              if (late != null) {
                listen(late);
                late = null;
              }
            });
  }

  /** A node that believes everything cannot tell an old revision from a new one. */
  private Snapshot trusted(Snapshot fresh) {
    Head known = held.get().head();
    boolean older = fresh.head().revision() < known.revision();
    if (bug != PlantedBug.AN_OLDER_STORE_IS_BELIEVED || !older) {
      return fresh;
    }
    Head forgedHead = new Head(known.epoch(), known.revision() + 1, fresh.head().commitId());
    return Snapshot.of(forgedHead, fresh.content());
  }

  private Snapshot merged(Snapshot fresh) {
    if (bug != PlantedBug.MERGE_INSTEAD_OF_REPLACE) {
      return fresh;
    }
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>(held.get().content());
    content.putAll(fresh.content());
    return Snapshot.of(fresh.head(), content);
  }

  @Override
  public Future<Descent> descent(Head earlier, Head later) {
    boolean naive = bug == PlantedBug.AN_OLDER_STORE_IS_BELIEVED;
    return ask(() -> naive ? Descent.PROVEN : store.descent(earlier, later));
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    return ask(() -> store.commit(change, held.get().head()));
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return ask(store::audit);
  }

  @Override
  public Future<Subscription> subscribe(CommitListener listener) {
    if (bug == PlantedBug.LOAD_BEFORE_SUBSCRIBE) {
      late = listener;
      return Future.succeededFuture(this::unsubscribe);
    }
    Promise<Subscription> answer = time.promise();
    if (isLost()) {
      // Who opens a connection has a deadline of its own.
      fail(answer, true);
    } else {
      time.after(
          time.upTo(SLOWEST_MILLIS),
          () -> {
            listen(listener);
            time.after(time.upTo(SLOWEST_MILLIS), () -> answer.complete(this::unsubscribe));
          });
    }
    return answer.future();
  }

  private Future<Void> unsubscribe() {
    store.unsubscribe(this);
    return Future.succeededFuture();
  }

  private void listen(CommitListener listener) {
    store.subscribe(
        this,
        commit -> {
          if (!isLost()) {
            deliver(listener, commit);
          }
        });
  }

  /** In order, as one connection does; now and then twice. */
  private void deliver(CommitListener listener, Commit commit) {
    lastDelivery = Math.max(lastDelivery, time.now() + time.upTo(SLOWEST_MILLIS));
    time.after(lastDelivery - time.now(), () -> push(listener, commit));
    if (losses > 0 && time.oneIn(20)) {
      time.after(lastDelivery - time.now() + time.upTo(500), () -> push(listener, commit));
    }
  }

  private void push(CommitListener listener, Commit commit) {
    Snapshot before = held.get();
    boolean gap =
        commit.head().epoch().equals(before.head().epoch())
            && commit.head().revision() > before.head().revision()
            && !before.precedes(commit);
    if (gap && bug == PlantedBug.NO_PREDECESSOR_CHECK) {
      forged = appliedAnyway(before, commit);
      listener.outdated();
    } else {
      listener.committed(commit);
    }
  }

  private static Snapshot appliedAnyway(Snapshot before, Commit commit) {
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>(before.content());
    for (Edit edit : commit.change().edits()) {
      if (edit.value() == null) {
        content.remove(edit.key());
      } else {
        content.put(edit.key(), new Versioned<>(edit.value(), commit.head().revision()));
      }
    }
    return Snapshot.of(commit.head(), content);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true);
  }

  @Override
  public Future<Void> shutdown() {
    return unsubscribe();
  }
}
