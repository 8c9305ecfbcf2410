package io.shield.impl;

import io.shield.StoreStatus;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.CommitListener;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
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
  private static final long MAX_BACKOFF_MILLIS = 2000;

  /** How long a commit that is known to exist may be on its way. */
  private static final long PUSH_MILLIS = 50;

  /** Many nodes that miss the same message do not load at the same moment. */
  private static final long RELOAD_JITTER_MILLIS = 100;

  private final ContextInternal context;
  private final StoreLink store;
  private final Observer observer;
  private final Duration interval;
  private final Belief belief;
  private final RandomGenerator random;
  private final StoreCondition condition = new StoreCondition();
  private final List<Commit> arrivedWhileBusy = new ArrayList<>();
  private final Promise<Void> firstLoad;

  private volatile boolean loaded;
  private volatile Snapshot snapshot = Snapshot.empty(Head.NONE);
  private @Nullable Promise<Void> busy;
  private @Nullable Promise<Void> progress;
  private Head heardOf = Head.NONE;
  private boolean reloadPlanned;
  private boolean mustReload;
  private boolean outdated;
  private long backoffMillis = MIN_BACKOFF_MILLIS;

  /**
   * @param interval how often the store is asked for its head
   * @param random what jitter is drawn from; used on the context only
   */
  Replica(
      ContextInternal context,
      StoreLink store,
      Observer observer,
      Duration interval,
      RandomGenerator random) {
    this.context = context;
    this.store = store;
    this.observer = observer;
    this.belief = new Belief(context, store);
    this.interval = interval;
    this.random = random;
    this.firstLoad = context.promise();
  }

  /** The copy. May be called from any thread. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** The condition. May be called from any thread. */
  StoreStatus status() {
    return condition.status();
  }

  boolean isLoaded() {
    return loaded;
  }

  /** Begins with what this node knew when it ended; to be called before {@link #start}. */
  void remember(Snapshot known) {
    if (known.head().equals(Head.NONE)) {
      return;
    }
    store.expect(known.head());
    condition.remembered();
    snapshot = known;
    prepare(known, null).onSuccess(Runnable::run);
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
              if (condition.isClosed() || !(failure instanceof StoreUnreachableException)) {
                return context.failedFuture(failure);
              }
              LOG.warn("Cold start, the store cannot be reached: {}", failure.getMessage());
              unreachable(failure);
              retryLater();
              return context.succeededFuture();
            });
  }

  private Future<Void> open() {
    return store.open(new Hints()).compose(v -> load()).onSuccess(v -> watch());
  }

  private void retryLater() {
    long wait = backoffMillis / 2 + random.nextLong(backoffMillis / 2 + 1);
    backoffMillis = Math.min(MAX_BACKOFF_MILLIS, backoffMillis * 2);
    later(
        wait,
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
          if (!condition.isClosed()) {
            work.run();
          }
        });
  }

  /** What the store tells by itself, on any thread. */
  private final class Hints implements CommitListener {
    @Override
    public void committed(Commit commit) {
      context.runOnContext(v -> receive(commit));
    }

    @Override
    public void outdated() {
      context.runOnContext(v -> reloadSoon(null));
    }
  }

  /** Takes in a commit that was pushed, or that this node made. */
  void receive(Commit commit) {
    if (condition.isClosed()) {
      return;
    }
    if (busy != null) {
      arrivedWhileBusy.add(commit);
    } else if (snapshot.precedes(commit)) {
      apply(commit);
    } else if (!isKnown(commit.head())) {
      reloadSoon(commit.head());
    }
  }

  private boolean isKnown(Head head) {
    return head.epoch().equals(snapshot.head().epoch())
        && head.revision() <= snapshot.head().revision();
  }

  private void apply(Commit commit) {
    Snapshot next = snapshot.apply(commit);
    Consumer<Snapshot> tell = before -> observer.applied(before, next, commit);
    Future<Runnable> prepared = prepare(next, commit.change().keys());
    if (prepared.succeeded()) {
      enforce(next, prepared.result(), tell);
      return;
    }
    Promise<Void> done = context.promise();
    busy = done;
    prepared
        .map(
            force -> {
              enforce(next, force, tell);
              return null;
            })
        .onComplete(
            result -> {
              if (result.failed()) {
                LOG.error("A commit could not be compiled, loading again", result.cause());
                outdated = true;
              }
              noLongerBusy();
              done.tryComplete();
            });
  }

  private Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed) {
    try {
      return observer.prepare(next, changed);
    } catch (RuntimeException e) {
      return context.failedFuture(e);
    }
  }

  private void enforce(Snapshot next, Runnable putIntoForce, Consumer<Snapshot> tell) {
    if (condition.isClosed()) {
      return;
    }
    Snapshot before = snapshot;
    putIntoForce.run();
    snapshot = next;
    ready();
    try {
      tell.accept(before);
    } catch (RuntimeException e) {
      LOG.error("The change to {} is in force but was not told to everyone", next.head(), e);
    }
    progressed();
  }

  /** Replays what arrived while busy; should it not fit, another load follows. */
  private void noLongerBusy() {
    busy = null;
    List<Commit> arrived = List.copyOf(arrivedWhileBusy);
    arrivedWhileBusy.clear();
    arrived.forEach(this::receive);
    if (outdated && !condition.isClosed()) {
      outdated = false;
      reload();
    }
  }

  private void ready() {
    condition.ready(snapshot.head());
    backoffMillis = MIN_BACKOFF_MILLIS;
  }

  /**
   * Loads again a little later, unless the copy has passed by then what was heard of.
   *
   * @param heard a head that the store has, or null to load whatever the copy holds
   */
  private void reloadSoon(@Nullable Head heard) {
    heardOf = heard == null ? heardOf : heard;
    mustReload |= heard == null;
    if (reloadPlanned) {
      return;
    }
    reloadPlanned = true;
    later(
        1 + random.nextLong(RELOAD_JITTER_MILLIS),
        () -> {
          boolean needed = mustReload || !isKnown(heardOf);
          reloadPlanned = false;
          mustReload = false;
          if (needed) {
            reload();
          }
        });
  }

  /** Succeeds when the copy is at least at the given head, or was loaded anew. */
  Future<Void> caughtUp(Head head) {
    if (isKnown(head)) {
      return context.succeededFuture();
    }
    if (busy != null) {
      return busy.future().compose(v -> caughtUp(head));
    }
    boolean pushed = store.pushes() && head.epoch().equals(snapshot.head().epoch());
    return pushed
        ? nextCopy().transform(next -> next.succeeded() ? caughtUp(head) : load())
        : load();
  }

  /** Waits a moment for something to be pushed, which costs less than a load. */
  private Future<Void> nextCopy() {
    if (progress == null) {
      progress = context.promise();
    }
    return progress.future().timeout(PUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void progressed() {
    Promise<Void> waitedFor = progress;
    progress = null;
    if (waitedFor != null) {
      waitedFor.tryComplete();
    }
  }

  /** Loads again; one load at a time. A load asked for while busy follows. */
  private void reload() {
    if (busy != null) {
      outdated = true;
    } else {
      load();
    }
  }

  private Future<Void> load() {
    if (busy != null) {
      return busy.future();
    }
    if (condition.isClosed()) {
      return context.failedFuture(Closed.failure());
    }
    Promise<Void> done = context.promise();
    busy = done;
    store
        .load()
        .compose(this::takeIn)
        .onComplete(
            result -> {
              if (result.failed()) {
                unreachable(result.cause());
              }
              noLongerBusy();
              if (result.succeeded()) {
                done.tryComplete();
              } else {
                done.tryFail(result.cause());
              }
            });
    return done.future();
  }

  /** Replaces the copy by what was loaded, if that is believed. */
  private Future<Void> takeIn(Snapshot fresh) {
    if (condition.isClosed()) {
      return context.failedFuture(Closed.failure());
    }
    Head held = snapshot.head();
    return belief
        .holds(held, fresh.head(), condition.isDistrusted())
        .compose(
            believed -> {
              if (believed) {
                return replace(fresh);
              }
              condition.distrusted(held, fresh.head());
              return context.succeededFuture();
            });
  }

  private Future<Void> replace(Snapshot fresh) {
    return prepare(fresh, null)
        .map(
            force -> {
              boolean news = !snapshot.head().equals(fresh.head());
              loaded = true;
              enforce(
                  fresh,
                  force,
                  before -> {
                    if (news) {
                      observer.replaced(before, fresh);
                    }
                  });
              firstLoad.tryComplete();
              return null;
            });
  }

  private void unreachable(Throwable cause) {
    condition.unreachable(loaded, snapshot.head(), cause);
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
      reloadSoon(head);
      return context.succeededFuture();
    }
    boolean notOlder = head.revision() > asked.revision() || head.equals(asked);
    boolean passed = sameLineage && notOlder && head.revision() < held.revision();
    if (passed || head.equals(held)) {
      ready();
      return context.succeededFuture();
    }
    return load();
  }

  Future<Void> close() {
    condition.closed(snapshot.head());
    firstLoad.tryFail(Closed.failure());
    if (busy != null) {
      busy.tryFail(Closed.failure());
    }
    progressed();
    return store.close();
  }
}
