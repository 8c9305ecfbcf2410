package io.shield.impl;

import io.shield.ChangeConflictException;
import io.shield.OutcomeUnknownException;
import io.shield.StoreStatus;
import io.shield.StoreStatus.Condition;
import io.shield.model.Change;
import io.shield.model.Commit;
import io.shield.model.DocumentKey;
import io.shield.model.DocumentValue;
import io.shield.model.Edit;
import io.shield.model.Head;
import io.shield.model.ShieldException;
import io.shield.model.Snapshot;
import io.shield.model.Versioned;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The change path: plans against the copy, commits by compare-and-set, repeats an unanswered commit
 * with the same request id, plans again after a lost race, and applies what was accepted before it
 * tells the caller.
 */
final class Committer {
  private static final int MAX_RACES = 100;
  private static final long MIN_RETRY_MILLIS = 20;
  private static final long MAX_RETRY_MILLIS = 1000;

  private final ContextInternal context;
  private final ShieldBackend backend;
  private final Replica replica;
  private final Duration timeout;

  /** The last change under way for each document: changes of one document wait for each other. */
  private final Map<DocumentKey, Future<Void>> underWay = new HashMap<>();

  Committer(ContextInternal context, ShieldBackend backend, Replica replica, Duration timeout) {
    this.context = context;
    this.backend = backend;
    this.replica = replica;
    this.timeout = timeout;
  }

  /**
   * Reaches what the planner asks for.
   *
   * @return the values of the plan's result documents afterwards; absent ones are left out
   */
  Future<Map<DocumentKey, Versioned<?>>> submit(Planner planner) {
    StoreStatus status = replica.status();
    if (status.condition() == Condition.STARTING || status.condition() == Condition.CLOSED) {
      String problem = status.problem() == null ? "the store was not read yet" : status.problem();
      return context.failedFuture(new StoreUnreachableException(problem, null));
    }
    if (status.condition() == Condition.DISTRUSTED) {
      return context.failedFuture(new ShieldException(String.valueOf(status.problem())));
    }
    Set<DocumentKey> keys = new HashSet<>();
    planner.plan(replica.snapshot()).edits().forEach(edit -> keys.add(edit.key()));
    return inTurn(keys, planner);
  }

  private Future<Map<DocumentKey, Versioned<?>>> inTurn(Set<DocumentKey> keys, Planner planner) {
    List<Future<Void>> before =
        keys.stream().map(underWay::get).filter(Objects::nonNull).distinct().toList();
    Promise<Void> done = context.promise();
    keys.forEach(key -> underWay.put(key, done.future()));
    Future<?> turn = before.isEmpty() ? context.succeededFuture() : Future.join(before);
    return turn.transform(any -> attempt(planner, 0))
        .onComplete(
            result -> {
              keys.forEach(key -> underWay.remove(key, done.future()));
              done.complete();
            });
  }

  private Future<Map<DocumentKey, Versioned<?>>> attempt(Planner planner, int races) {
    Plan plan = planner.plan(replica.snapshot());
    if (plan.isEmpty()) {
      return context.succeededFuture(results(plan, replica.snapshot(), null));
    }
    Change change = new Change(UUID.randomUUID().toString(), plan.edits(), plan.audit());
    long deadline = System.nanoTime() + timeout.toNanos();
    return send(change, deadline, MIN_RETRY_MILLIS)
        .compose(
            result -> {
              if (result instanceof CommitResult.Accepted accepted) {
                return accepted(plan, accepted.commit());
              }
              return lostRace((CommitResult.Conflict) result, planner, races);
            });
  }

  /**
   * It is stored: should this node not be able to follow at once, that is no failure of the change.
   */
  private Future<Map<DocumentKey, Versioned<?>>> accepted(Plan plan, Commit commit) {
    replica.receive(commit);
    return caughtUp(commit.head())
        .otherwiseEmpty()
        .map(v -> results(plan, replica.snapshot(), commit));
  }

  private Future<Map<DocumentKey, Versioned<?>>> lostRace(
      CommitResult.Conflict conflict, Planner planner, int races) {
    if (races >= MAX_RACES) {
      return context.failedFuture(
          new ChangeConflictException(
              "others changed "
                  + conflict.conflicts().get(0).key()
                  + " "
                  + races
                  + " times meanwhile, try again"));
    }
    return caughtUp(conflict.head()).compose(v -> attempt(planner, races + 1));
  }

  /** Succeeds when the copy is at least at the given head, or was loaded anew. */
  private Future<Void> caughtUp(Head head) {
    Head held = replica.snapshot().head();
    if (held.epoch().equals(head.epoch()) && held.revision() >= head.revision()) {
      return context.succeededFuture();
    }
    Future<Void> busy = replica.busy();
    return busy == null ? replica.reload() : busy.compose(v -> caughtUp(head));
  }

  /** Sends a change until the store answers, always with the same request id. */
  private Future<CommitResult> send(Change change, long deadline, long retryMillis) {
    long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
    Promise<CommitResult> answered = context.promise();
    backend.commit(change).onComplete(answered);
    return answered
        .future()
        .timeout(left, TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              if (failure instanceof ChangeRefusedException) {
                return context.failedFuture(failure);
              }
              if (System.nanoTime() + retryMillis * 1_000_000 >= deadline) {
                return context.failedFuture(unanswered(failure));
              }
              long wait = retryMillis / 2 + ThreadLocalRandom.current().nextLong(retryMillis);
              return context
                  .timer(wait, TimeUnit.MILLISECONDS)
                  .transform(
                      v -> send(change, deadline, Math.min(MAX_RETRY_MILLIS, 2 * retryMillis)));
            });
  }

  private OutcomeUnknownException unanswered(Throwable failure) {
    return new OutcomeUnknownException(
        "the store did not confirm the change within "
            + timeout.toMillis()
            + " ms ("
            + failure.getMessage()
            + "); it was made once or not at all",
        failure);
  }

  /**
   * What the caller asked about: as this commit wrote it, or else as it is. In the plan's order.
   */
  private static Map<DocumentKey, Versioned<?>> results(
      Plan plan, Snapshot snapshot, @Nullable Commit commit) {
    Map<DocumentKey, DocumentValue> written = new HashMap<>();
    if (commit != null) {
      for (Edit edit : commit.change().edits()) {
        DocumentValue value = edit.value();
        if (value != null) {
          written.put(edit.key(), value);
        }
      }
    }
    Map<DocumentKey, Versioned<?>> results = new LinkedHashMap<>();
    for (DocumentKey key : plan.results()) {
      DocumentValue own = written.get(key);
      DocumentValue known = snapshot.value(key);
      if (own != null && commit != null) {
        results.put(key, new Versioned<>(own, commit.head().revision()));
      } else if (known != null) {
        results.put(key, new Versioned<>(known, snapshot.version(key)));
      }
    }
    return results;
  }
}
