package io.shield.impl.replica;

import io.shield.ShieldChange;
import io.shield.Store;
import io.shield.impl.replica.ReplicaState.Busy;
import io.shield.impl.replica.ReplicaState.Closed;
import io.shield.impl.replica.ReplicaState.Compiling;
import io.shield.impl.replica.ReplicaState.Following;
import io.shield.impl.replica.ReplicaState.Loading;
import io.shield.impl.replica.ReplicaState.Missing;
import io.shield.impl.replica.ReplicaState.ReloadDue;
import io.shield.internal.value.Backoff;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.CommitListener;
import io.shield.spi.StoreDamagedException;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the store. It subscribes first, then loads, then replays what came meanwhile.
 * A commit is applied only if it directly follows; anything else means loading again. What was
 * loaded replaces the copy, it is never merged. A store that is older than the copy, or of another
 * lineage, is not believed.
 *
 * <p>What it is doing is a {@link ReplicaState}. Whatever becomes the copy, be it remembered,
 * loaded or pushed, goes through {@link #takeIn}, and no two do so at the same time. Confined to
 * the engine's context where nothing else is said.
 */
public final class Replica {
  /** Makes a snapshot ready to be enforced. */
  @FunctionalInterface
  public interface Compiler {
    /**
     * Gets ready for a snapshot, before it becomes the copy.
     *
     * @param changed the documents that differ, or null if any may
     * @return what puts it into force; at once if that is quick, else when it is ready
     */
    Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
  private static final long MIN_BACKOFF_MILLIS = 250;
  private static final long MAX_BACKOFF_MILLIS = 2000;

  /** How long a commit that is known to exist may be on its way. */
  private static final long PUSH_MILLIS = 50;

  /** Many nodes that miss the same message do not load at the same moment. */
  private static final long RELOAD_JITTER_MILLIS = 100;

  private final ContextInternal context;
  private final StoreLink store;
  private final Compiler compiler;
  private final List<Observer> observers = new ArrayList<>();
  private final Duration interval;
  private final LineageCheck lineage;
  private final RandomGenerator random;
  private final StoreCondition condition = new StoreCondition();
  private final Promise<Void> firstLoad;

  private volatile Snapshot snapshot = Snapshot.empty(Head.NONE);
  private ReplicaState state = new Following();
  private Promise<Void> nextCopy;
  private final Backoff backoff;

  /**
   * A replica that holds nothing yet.
   *
   * @param interval how often the store is asked for its head
   * @param random what jitter is drawn from; used on the context only
   */
  public Replica(
      ContextInternal context,
      StoreLink store,
      Compiler compiler,
      Duration interval,
      RandomGenerator random) {
    this.context = context;
    this.store = store;
    this.compiler = compiler;
    this.lineage = new LineageCheck(context, store);
    this.interval = interval;
    this.random = random;
    this.backoff = new Backoff(MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS, random);
    this.firstLoad = context.promise();
    this.nextCopy = context.promise();
  }

  /**
   * Adds those who hear of each copy in force, in this order; to be called before {@link #start}.
   */
  public void observe(List<Observer> more) {
    observers.addAll(more);
  }

  /** The copy. May be called from any thread. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** The condition. May be called from any thread. */
  public Store.Status status() {
    return condition.status();
  }

  /** Whether the store was read since the start. */
  public boolean isLoaded() {
    return firstLoad.future().succeeded();
  }

  /** Succeeds after the first load. */
  public Future<Void> firstLoad() {
    return firstLoad.future();
  }

  /**
   * Begins with what this node knew when it ended; to be called before {@link #start}.
   *
   * @return succeeds when that is in force, or cannot be
   */
  public Future<Void> remember(Snapshot known) {
    if (known.head().equals(Head.NONE) || isClosed()) {
      return context.succeededFuture();
    }
    return compile(new Incoming(known, null, false))
        .onSuccess(
            v -> {
              store.expect(known.head());
              condition.remembered();
            })
        .otherwise(
            failure -> {
              failed("What was known at the last end cannot be enforced", failure);
              return null;
            });
  }

  /**
   * Opens the store and loads it. Fails if that cannot work; succeeds without having loaded if the
   * store is only unreachable, and goes on trying.
   */
  public Future<Void> start() {
    return open()
        .recover(
            failure -> {
              // Without a copy of what a damaged store lost, a revoked token would work again.
              boolean damaged =
                  failure instanceof StoreDamagedException && !snapshot.head().equals(Head.NONE);
              boolean passing = damaged || failure instanceof StoreUnreachableException;
              if (isClosed() || !passing) {
                return context.failedFuture(failure);
              }
              LOG.warn("Cold start, the store cannot be read: {}", failure.getMessage());
              unreachable(failure);
              retryLater();
              return context.succeededFuture();
            });
  }

  private Future<Void> open() {
    return store.open(new Hints()).compose(v -> load()).onSuccess(v -> watch());
  }

  private void retryLater() {
    later(
        backoff.next(),
        () ->
            open()
                .onFailure(
                    failure -> {
                      unreachable(failure);
                      retryLater();
                    }));
  }

  private void later(long millis, Runnable work) {
    context.setTimer(
        millis,
        timer -> {
          if (!isClosed()) {
            work.run();
          }
        });
  }

  private boolean isClosed() {
    return state instanceof Closed;
  }

  /** What the store tells by itself, on any thread. */
  private final class Hints implements CommitListener {
    @Override
    public void committed(Commit commit) {
      context.runOnContext(v -> receive(commit));
    }

    @Override
    public void outdated() {
      context.runOnContext(v -> loadSoon(Missing.ANYTHING));
    }
  }

  /** Takes in a commit that was pushed, or that this node made. */
  public void receive(Commit commit) {
    if (isClosed()) {
      return;
    }
    if (state instanceof Busy busy) {
      busy.arrived.add(commit);
    } else if (snapshot.precedes(commit)) {
      apply(commit);
    } else {
      loadSoon(new Missing(commit.head()));
    }
  }

  private void apply(Commit commit) {
    compile(new Incoming(snapshot.apply(commit), commit, true))
        .onFailure(failure -> failed("A commit could not be compiled, loading again", failure));
  }

  /** Tells of a fault; that the end came between is none. */
  private void failed(String what, Throwable failure) {
    if (!isClosed()) {
      LOG.error(what, failure);
    }
  }

  private boolean isKnown(Head head) {
    return head.epoch().equals(snapshot.head().epoch())
        && head.revision() <= snapshot.head().revision();
  }

  private boolean isMissing(Missing missing) {
    return missing.head() == null || !isKnown(missing.head());
  }

  /**
   * What is to become the copy.
   *
   * @param commit what makes it of the copy before, or null if it stands by itself
   * @param ofStore whether the store said so just now
   */
  private record Incoming(Snapshot snapshot, @Nullable Commit commit, boolean ofStore) {}

  /** Takes in what is at hand. Should that fail, the store is read again. */
  private Future<Void> compile(Incoming next) {
    Missing known = state instanceof ReloadDue due ? due.missing() : null;
    Compiling compiling = new Compiling(context.promise(), known);
    state = compiling;
    takeIn(next)
        .onComplete(
            result -> {
              if (result.failed() && next.ofStore) {
                compiling.lacks(Missing.ANYTHING);
              }
              noLonger(compiling, result.cause());
            });
    return compiling.done();
  }

  /** The only way into force. */
  private Future<Void> takeIn(Incoming next) {
    Set<DocumentKey> changed = next.commit == null ? null : next.commit.change().keys();
    Future<Runnable> prepared = prepare(next.snapshot, changed);
    if (prepared.succeeded()) {
      enforce(next, prepared.result());
      return context.succeededFuture();
    }
    return prepared.map(
        putIntoForce -> {
          enforce(next, putIntoForce);
          return null;
        });
  }

  private Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed) {
    try {
      return compiler.prepare(next, changed);
    } catch (RuntimeException e) {
      return context.failedFuture(e);
    }
  }

  private void enforce(Incoming next, Runnable putIntoForce) {
    if (isClosed()) {
      return;
    }
    Snapshot before = snapshot;
    putIntoForce.run();
    snapshot = next.snapshot;
    if (next.ofStore) {
      ready();
    }
    if (!before.head().equals(snapshot.head())) {
      tell(SnapshotChanges.between(before, snapshot, next.commit), next.commit);
    }
    progressed();
  }

  /** Tells each by itself: none is kept from hearing by another one's failure. */
  private void tell(ShieldChange change, @Nullable Commit commit) {
    for (Observer observer : observers) {
      try {
        observer.inForce(change, commit);
      } catch (RuntimeException e) {
        LOG.error("{} is in force but was not told to everyone", change.after().head(), e);
      }
    }
  }

  private void ready() {
    condition.ready(snapshot.head());
    backoff.reset();
  }

  /** Replays what arrived while busy; should anything be missing then, a load follows. */
  private void noLonger(Busy busy, @Nullable Throwable failure) {
    if (!isClosed()) {
      state = new Following();
      busy.arrived.forEach(this::receive);
      Missing missing = busy.missing();
      if (missing != null) {
        loadSoon(missing);
      }
    }
    if (failure == null) {
      busy.succeed();
    } else {
      busy.fail(failure);
    }
  }

  /** Loads again a little later, unless nothing is missing by then. */
  private void loadSoon(Missing missing) {
    if (isClosed() || !isMissing(missing)) {
      return;
    }
    if (state instanceof Busy busy) {
      busy.lacks(missing);
    } else if (state instanceof ReloadDue due) {
      state = new ReloadDue(missing.with(due.missing()));
    } else {
      state = new ReloadDue(missing);
      later(1 + random.nextLong(RELOAD_JITTER_MILLIS), this::loadIfDue);
    }
  }

  private void loadIfDue() {
    if (state instanceof ReloadDue due) {
      state = new Following();
      if (isMissing(due.missing())) {
        load();
      }
    }
  }

  /** Succeeds when the copy is at least at the given head, or was loaded anew. */
  public Future<Void> caughtUp(Head head) {
    if (isKnown(head)) {
      return context.succeededFuture();
    }
    if (state instanceof Busy busy) {
      return busy.done().compose(v -> caughtUp(head));
    }
    boolean pushed = store.pushes() && head.epoch().equals(snapshot.head().epoch());
    return pushed
        ? nextCopy().transform(next -> next.succeeded() ? caughtUp(head) : load())
        : load();
  }

  /** See {@link io.shield.internal.EngineInternals#drawLevel}. */
  public Future<Void> drawLevel() {
    if (!condition.isReady()) {
      return context.succeededFuture();
    }
    return store.headNow().compose(this::caughtUp).otherwiseEmpty();
  }

  /** Waits a moment for something to be pushed, which costs less than a load. */
  private Future<Void> nextCopy() {
    return nextCopy.future().timeout(PUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void progressed() {
    Promise<Void> waitedFor = nextCopy;
    nextCopy = context.promise();
    waitedFor.complete();
  }

  /** Reads the store; those who ask while it is being read share the answer. */
  private Future<Void> load() {
    if (isClosed()) {
      return context.failedFuture(EngineClosed.failure());
    }
    if (state instanceof Loading underWay) {
      return underWay.done();
    }
    if (state instanceof Compiling compiling) {
      return compiling.done().transform(v -> load());
    }
    Loading loading = new Loading(context.promise());
    state = loading;
    store
        .load()
        .compose(this::takeInIfBelieved)
        .onComplete(
            result -> {
              if (result.failed()) {
                unreachable(result.cause());
              }
              noLonger(loading, result.cause());
            });
    return loading.done();
  }

  private Future<Void> takeInIfBelieved(Snapshot fresh) {
    if (isClosed()) {
      return context.failedFuture(EngineClosed.failure());
    }
    Head held = snapshot.head();
    return lineage
        .canFollow(held, fresh.head(), condition.isDistrusted())
        .compose(
            believed -> {
              if (believed) {
                return takeIn(new Incoming(fresh, null, true)).onSuccess(v -> loaded());
              }
              condition.distrusted(held, fresh.head());
              return context.succeededFuture();
            });
  }

  private void loaded() {
    firstLoad.tryComplete();
  }

  private void unreachable(Throwable cause) {
    if (cause instanceof StoreDamagedException) {
      condition.distrusted(snapshot.head(), String.valueOf(cause.getMessage()));
      return;
    }
    condition.unreachable(isLoaded(), snapshot.head(), cause);
  }

  /** Asks for the head at intervals: heartbeat and anti-entropy in one. */
  private void watch() {
    later(interval.toMillis(), this::checkHead);
  }

  private void checkHead() {
    Head held = snapshot.head();
    store
        .head()
        .compose(head -> follow(held, head))
        .onFailure(this::unreachable)
        .onComplete(result -> watch());
  }

  /**
   * Draws level with the store.
   *
   * @param asked what this node held when it asked: what was applied since then makes the answer
   *     old, not the store
   */
  private Future<Void> follow(Head asked, Head head) {
    Head held = snapshot.head();
    boolean sameLineage = head.epoch().equals(held.epoch());
    if (sameLineage && head.revision() > held.revision() && store.pushes()) {
      // It is probably on its way already.
      loadSoon(new Missing(head));
      return context.succeededFuture();
    }
    boolean notOlder = head.revision() > asked.revision() || head.equals(asked);
    boolean passed = sameLineage && notOlder && head.revision() < held.revision();
    if (passed || head.equals(held)) {
      ready();
      return context.succeededFuture();
    }
    return state instanceof Busy busy ? busy.done() : load();
  }

  /** Ends it and closes the store; what waits for a copy fails. */
  public Future<Void> close() {
    ReplicaState ended = state;
    state = new Closed();
    condition.closed(snapshot.head());
    firstLoad.tryFail(EngineClosed.failure());
    if (ended instanceof Busy busy) {
      busy.fail(EngineClosed.failure());
    }
    progressed();
    return store.close();
  }

  /** Hears of every snapshot that comes into force, on the engine's context, in order. */
  @FunctionalInterface
  public interface Observer {
    /**
     * A snapshot is in force. One that throws is called again next time, and so are all others.
     *
     * @param change what became of what; without audit entries if it was read as a whole
     * @param commit the commit that brought it; null if it was read as a whole, which cannot tell
     */
    void inForce(ShieldChange change, @Nullable Commit commit);
  }
}
