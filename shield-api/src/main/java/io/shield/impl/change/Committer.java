package io.shield.impl.change;

import io.shield.Store;
import io.shield.Store.Status.Condition;
import io.shield.error.ChangeConflictException;
import io.shield.error.OutcomeUnknownException;
import io.shield.impl.change.Plan.Planner;
import io.shield.impl.replica.EngineClosed;
import io.shield.impl.replica.Replica;
import io.shield.impl.replica.StoreLink;
import io.shield.internal.StoreText;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The change path: plans against the copy, commits by compare-and-set, repeats an unanswered commit
 * with the same request id, plans again after a lost race, and applies what was accepted before it
 * tells the caller. Changes of one document are made in the order in which they were asked for.
 */
public final class Committer {
  private static final int MAX_RACES = 100;
  private static final long MIN_RETRY_MILLIS = 20;
  private static final long MAX_RETRY_MILLIS = 1000;

  /** An answer is waited for this part of the time; then it counts as lost, and is asked for. */
  private static final int TRIES = 3;

  /**
   * One of these parts of the time is not waited for: on a busy machine timers are late, and a
   * change is to be told of within its time nevertheless.
   */
  private static final int PARTS = 8;

  private final ContextInternal context;
  private final StoreLink store;
  private final Replica replica;
  private final Duration timeout;
  private final RandomGenerator random;
  private final Outbox outbox;

  /** The last change under way for each document: changes of one document wait for each other. */
  private final Map<DocumentKey, Future<Void>> underWay = new HashMap<>();

  /** The last change under way of which nobody knows what it is about, or null. */
  private @Nullable Future<Void> lastUnknown;

  /** What is waited for, oldest first; failed when the engine is closed. */
  private final Set<Promise<?>> waiting = new LinkedHashSet<>();

  /**
   * When the store last left something unanswered or was not read in time; null if it never did.
   */
  private @Nullable Long unanswered;

  private boolean closed;

  /**
   * @param timeout how long a change is tried
   * @param random what pauses are drawn from; used on the context only
   */
  public Committer(
      ContextInternal context,
      StoreLink store,
      Replica replica,
      Duration timeout,
      RandomGenerator random,
      Outbox outbox) {
    this.context = context;
    this.store = store;
    this.replica = replica;
    this.timeout = timeout;
    this.random = random;
    this.outbox = outbox;
  }

  /**
   * Reaches what the planner asks for. Never throws.
   *
   * @return the plan's results, as they are afterwards
   */
  public Future<List<Plan.Result>> submit(Planner planner) {
    return context
        .<Void>succeededFuture()
        .compose(
            v -> {
              checkWritable();
              return inTurn(planner, nanoTime());
            });
  }

  /**
   * Commits a change as others planned it, once, and puts what was accepted into force. Never
   * throws.
   */
  public Future<CommitResult> relay(Change change) {
    return context
        .<Void>succeededFuture()
        .compose(
            v -> {
              checkWritable();
              Change told =
                  withNews(change.requestId(), replica.snapshot(), change.edits(), change.audit());
              long deadline = nanoTime() + answerNanos();
              return send(told, nanoTime(), deadline, MIN_RETRY_MILLIS, false)
                  .compose(result -> relayed(result, deadline));
            });
  }

  private Future<CommitResult> relayed(CommitResult result, long deadline) {
    if (result instanceof CommitResult.Accepted accepted) {
      replica.receive(accepted.commit());
      return caughtUp(accepted.commit().head(), deadline).otherwiseEmpty().map(result);
    }
    Head head = ((CommitResult.Conflict) result).head();
    return caughtUp(head, deadline).otherwiseEmpty().map(result);
  }

  private Change withNews(
      String requestId, Snapshot held, List<Edit> edits, List<AuditEntry> audit) {
    List<Edit> all = new ArrayList<>(edits);
    all.addAll(outbox.news(held, edits, audit));
    return new Change(requestId, all, audit);
  }

  private void checkWritable() {
    Store.Status status = replica.status();
    String problem = status.problem();
    switch (status.condition()) {
      case CLOSED -> throw EngineClosed.failure();
      case DISTRUSTED -> throw new ChangeRefusedException(String.valueOf(problem), null);
      case STARTING ->
          throw new StoreUnreachableException(
              problem == null ? "the store was not read yet" : problem, null);
      case READY, UNREACHABLE -> {}
    }
  }

  /**
   * Waits for the changes of the same documents that were asked for before. A change that is not
   * possible now, or has nothing to write, may be about a document that one of those makes: nobody
   * can tell, so it waits for all of them and those asked for later wait for it.
   */
  private Future<List<Plan.Result>> inTurn(Planner planner, long asked) {
    Set<DocumentKey> keys = keys(planner);
    boolean known = !keys.isEmpty();
    Set<Future<Void>> before = new LinkedHashSet<>();
    if (known) {
      keys.stream().map(underWay::get).filter(Objects::nonNull).forEach(before::add);
    } else {
      before.addAll(underWay.values());
    }
    if (lastUnknown != null) {
      before.add(lastUnknown);
    }
    if (!known && before.isEmpty()) {
      return attempt(planner, 0, asked);
    }
    Promise<Void> done = context.promise();
    keys.forEach(key -> underWay.put(key, done.future()));
    if (!known) {
      lastUnknown = done.future();
    }
    Future<?> turn =
        before.isEmpty() ? context.succeededFuture() : Future.join(List.copyOf(before));
    return turn.transform(any -> attempt(planner, 0, asked))
        .onComplete(
            result -> {
              keys.forEach(key -> underWay.remove(key, done.future()));
              if (lastUnknown == done.future()) {
                lastUnknown = null;
              }
              // Not at once: who asked for this change hears of it before the next begins, and a
              // long queue is no deep stack.
              context.runOnContext(v -> done.complete());
            });
  }

  private Set<DocumentKey> keys(Planner planner) {
    try {
      return planner.plan(replica.snapshot()).keys();
    } catch (RuntimeException notNow) {
      return Set.of();
    }
  }

  /**
   * @param asked when it was asked for
   */
  private Future<List<Plan.Result>> attempt(Planner planner, int races, long asked) {
    checkWritable();
    Snapshot held = replica.snapshot();
    Plan plan = planner.plan(held);
    if (plan.isEmpty()) {
      return context.succeededFuture(plan.results());
    }
    long deadline = deadline(asked);
    if (deadline - nanoTime() < tryNanos()) {
      return context.failedFuture(
          new StoreUnreachableException(
              "the store left an earlier change without an answer; nothing was changed",
              null,
              true));
    }
    Change change = withNews(UUID.randomUUID().toString(), held, plan.edits(), plan.audit());
    return send(change, asked, deadline, MIN_RETRY_MILLIS, false)
        .compose(
            result -> {
              if (result instanceof CommitResult.Accepted accepted) {
                return accepted(plan, held.head(), accepted.commit(), deadline);
              }
              CommitResult.Conflict conflict = (CommitResult.Conflict) result;
              return caughtUp(conflict.head(), deadline)
                  .compose(v -> lostRace(conflict, planner, races, asked));
            });
  }

  /**
   * Until when the store is asked: counted from its turn, or, if the store has left something
   * unanswered meanwhile, from when it was asked for, since nobody is to wait for several times the
   * time.
   */
  private long deadline(long asked) {
    boolean inVain = unanswered != null && unanswered - asked > 0;
    return (inVain ? asked : nanoTime()) + answerNanos();
  }

  private long answerNanos() {
    return timeout.toNanos() - timeout.toNanos() / PARTS;
  }

  private long tryNanos() {
    return timeout.toNanos() / TRIES;
  }

  /** Waits for this node to get as far as the store, but not beyond the time of a change. */
  private Future<Void> caughtUp(Head head, long deadline) {
    long began = nanoTime();
    long left = deadline - began;
    return replica
        .caughtUp(head)
        .timeout(Math.max(1, left / 1_000_000), TimeUnit.MILLISECONDS)
        .onComplete(
            any -> {
              if (nanoTime() - began >= tryNanos()) {
                unanswered = nanoTime();
              }
            })
        .recover(
            failure ->
                context.failedFuture(
                    failure instanceof TimeoutException
                        ? new StoreUnreachableException(
                            "the store was not read in time; nothing was changed", failure, true)
                        : failure));
  }

  /**
   * It is stored: should this node not be able to follow at once, that is no failure of the change.
   * But a store that was emptied or set back accepts as well, before anybody noticed; what it
   * accepted then will not last unless an operator says so.
   *
   * @param planned where this node was when the change was planned
   */
  private Future<List<Plan.Result>> accepted(
      Plan plan, Head planned, Commit commit, long deadline) {
    replica.receive(commit);
    return caughtUp(commit.head(), deadline)
        .otherwiseEmpty()
        .map(
            v -> {
              boolean strange = replica.status().condition() == Condition.DISTRUSTED;
              if (strange || !follows(planned, commit.head())) {
                throw new OutcomeUnknownException(
                    "the store accepted the change, but "
                        + StoreText.unlike(commit.head(), planned)
                        + "; whether the change lasts is open",
                    null);
              }
              return plan.resultsAt(commit.head().revision());
            });
  }

  private boolean follows(Head planned, Head accepted) {
    return accepted.epoch().equals(planned.epoch())
        ? accepted.revision() > planned.revision()
        : accepted.epoch().equals(replica.snapshot().head().epoch());
  }

  private Future<List<Plan.Result>> lostRace(
      CommitResult.Conflict conflict, Planner planner, int races, long asked) {
    if (races >= MAX_RACES) {
      return context.failedFuture(
          new ChangeConflictException(
              "others changed "
                  + conflict.conflicts().get(0).key()
                  + " "
                  + races
                  + " times meanwhile, try again"));
    }
    return attempt(planner, races + 1, asked);
  }

  /**
   * Sends a change until the store answers, always with the same request id.
   *
   * @param asked when it was asked for
   * @param latest until when at the latest
   * @param sent whether an earlier try may have reached the store
   */
  private Future<CommitResult> send(
      Change change, long asked, long latest, long retryMillis, boolean sent) {
    long left = Math.max(1, (latest - nanoTime()) / 1_000_000);
    return answer(change, Math.min(left, Math.max(1, tryNanos() / 1_000_000)))
        .recover(
            failure -> {
              if (failure instanceof ChangeRefusedException) {
                return context.failedFuture(failure);
              }
              unanswered = nanoTime();
              long deadline = Math.min(latest, deadline(asked));
              boolean maybeMade = sent || !isUnsent(failure);
              boolean tooLate = nanoTime() + retryMillis * 1_000_000 >= deadline;
              if (tooLate || closed) {
                return context.failedFuture(
                    maybeMade ? outcomeUnknown(failure) : neverSent(failure));
              }
              long next = Math.min(MAX_RETRY_MILLIS, 2 * retryMillis);
              long most = (deadline - nanoTime()) / 1_000_000;
              return pause(Math.min(most, retryMillis / 2 + random.nextLong(retryMillis)))
                  .transform(
                      v ->
                          // A try that has no time left would leave open what never was.
                          !maybeMade && nanoTime() >= deadline
                              ? context.failedFuture(neverSent(failure))
                              : send(change, asked, deadline, next, maybeMade));
            });
  }

  private Future<CommitResult> answer(Change change, long millis) {
    if (closed) {
      return context.failedFuture(EngineClosed.failure());
    }
    Promise<CommitResult> answer = waitedFor();
    store.commit(change).onSuccess(answer::tryComplete).onFailure(answer::tryFail);
    return answer.future().timeout(millis, TimeUnit.MILLISECONDS).onFailure(answer::tryFail);
  }

  private Future<Void> pause(long millis) {
    Promise<Void> over = waitedFor();
    context.setTimer(Math.max(1, millis), timer -> over.tryComplete());
    return over.future();
  }

  /** The time of the context's timers. */
  private long nanoTime() {
    return context.nettyEventLoop().ticker().nanoTime();
  }

  private <T> Promise<T> waitedFor() {
    Promise<T> promise = context.promise();
    waiting.add(promise);
    promise.future().onComplete(result -> waiting.remove(promise));
    return promise;
  }

  private static boolean isUnsent(Throwable failure) {
    return failure instanceof StoreUnreachableException unreachable && unreachable.isUnsent();
  }

  private static StoreUnreachableException neverSent(Throwable failure) {
    return new StoreUnreachableException(
        failure.getMessage() + "; nothing was changed", failure, true);
  }

  private OutcomeUnknownException outcomeUnknown(Throwable failure) {
    String problem =
        closed
            ? "the engine was closed before the store confirmed the change"
            : "the store did not confirm the change within "
                + timeout.toMillis()
                + " ms"
                + (failure instanceof TimeoutException ? "" : " (" + failure.getMessage() + ")");
    return new OutcomeUnknownException(problem + "; it was made once or not at all", failure);
  }

  /** Ends what is under way: nobody waits for ever for an answer. */
  public void close() {
    closed = true;
    List.copyOf(waiting).forEach(promise -> promise.tryFail(EngineClosed.failure()));
  }

  /** What has to be written in the same commit as a change, so that it is told to others. */
  @FunctionalInterface
  public interface Outbox {
    /** The edits that keep the news of a change until they were told; none if nobody is told. */
    List<Edit> news(Snapshot snapshot, List<Edit> edits, List<AuditEntry> audit);
  }
}
