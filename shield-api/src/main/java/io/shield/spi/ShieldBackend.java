package io.shield.spi;

import io.shield.error.ShieldException;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.limit.RateLimitStore;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store of documents and audit entries.
 *
 * <p>The engine calls {@link #startup} first, again if that failed as unreachable, and {@link
 * #shutdown} last, once for each engine that started the backend. The methods may be called from
 * any thread; a future may complete on any thread. None may block the calling thread.
 *
 * <p>A future fails with {@link StoreUnreachableException} when the store cannot be reached now and
 * trying again may help; with any other {@link ShieldException} when trying again will not help.
 */
public interface ShieldBackend {
  /** Opens connections and makes the store ready. Does nothing by default. */
  default Future<Void> startup(Vertx vertx) {
    return Future.succeededFuture();
  }

  /** Where the store is. Cheap: it is asked every few seconds. */
  Future<Head> head();

  /**
   * Where the store is at this moment, when that decides about a change: for a backend whose {@link
   * #head} is what it heard last. That head by default.
   */
  default Future<Head> headNow() {
    return head();
  }

  /** Every current document, at one head. */
  Future<Snapshot> load();

  /**
   * Writes all edits of a change and all its audit entries, or nothing.
   *
   * <p>Every edit's expected version is compared with the stored one and, in the same atomic step,
   * everything is written, the revision raised by one, and the request id remembered for at least
   * ten minutes. A request id that was accepted before is answered with its first commit.
   *
   * <p>A {@link CommitResult.Conflict} and a future failed with {@link ChangeRefusedException}
   * promise that nothing was written, as does a {@link StoreUnreachableException} that {@link
   * StoreUnreachableException#isUnsent says so}. Any other failure means that it is not known: the
   * caller may repeat the change with the same request id.
   */
  Future<CommitResult> commit(Change change);

  /** The audit entries that match, newest first. */
  Future<List<AuditEntry>> auditLog(AuditQuery query);

  /**
   * How many audit entries pass the filters of a query, whatever its offset and limit. By default
   * all of them are read.
   */
  default Future<Integer> auditCount(AuditQuery query) {
    return auditLog(query.whole()).map(List::size);
  }

  /**
   * Tells the listener every commit, in order, from the moment the future succeeds until the
   * subscription is cancelled. Messages may be lost; the engine notices by the commits'
   * predecessors. Only called when {@link Capabilities#push} says so; fails by default.
   */
  default Future<Subscription> subscribe(CommitListener listener) {
    return Future.failedFuture(new ShieldException("this backend does not push commits"));
  }

  /**
   * Where rate-limit hits are kept. Asked once by each engine, after {@link #startup}; in its
   * process by default.
   */
  default RateLimitStore rateLimitStore() {
    return RateLimitStore.inProcess();
  }

  /**
   * Tells what this node holds from before the backend was started. A store that has lost its head
   * is then not given a new one, and changes of a store that is not the one known are refused.
   * Called before {@link #startup}; does nothing by default.
   */
  default void expect(Head held) {}

  /** Where the present epoch comes from; without ancestors by default. */
  default Future<Lineage> lineage() {
    return head().map(head -> new Lineage(head.epoch(), List.of()));
  }

  /**
   * Whether one head of the store's present epoch came from an earlier one, by the commits that the
   * store remembers at both revisions; {@link Descent#FORGOTTEN} by default. A node follows a store
   * that forgot as long as its revisions grow, but one that it stopped believing only on proof.
   *
   * @param earlier what a node holds
   * @param later what it has loaded from the store a moment ago
   */
  default Future<Descent> descent(Head earlier, Head later) {
    return Future.succeededFuture(Descent.FORGOTTEN);
  }

  /**
   * Begins a new epoch that descends from the renewal's parent and from what the store is now, at a
   * revision beyond both. Its content is what the store holds, or what the renewal brings. Every
   * node that holds an ancestor believes it. Only called when {@link Capabilities#renewable} says
   * so; fails by default.
   *
   * @return the new head; fails with {@link ChangeRefusedException}, having written nothing, if the
   *     store is not where it was found any more
   */
  default Future<Head> renew(Renewal renewal) {
    return Future.failedFuture(new ShieldException("this backend cannot begin a new epoch"));
  }

  /**
   * Names the service whose part of a store this is, under the names that the service's own code
   * uses. An engine on it has to be that service's. Null, the default, for a store of all services.
   */
  default @Nullable String service() {
    return null;
  }

  /**
   * Names a store that lies beyond a network: its address and what tells it apart there, without
   * credentials, the same in whatever order several addresses are given. Of such a store the engine
   * keeps the last known snapshot on disk. Null, the default, for a store of this host.
   */
  default @Nullable String location() {
    return null;
  }

  /**
   * What does not stop the store from working now but should be mended, in one line, such as a
   * setting that puts changes at risk; null, the default, if there is nothing. Called often.
   */
  default @Nullable String warning() {
    return null;
  }

  /**
   * What the store cannot do now although it can be read, in one line, such as a disk that takes no
   * writes; null, the default, if there is nothing. While there is, health says degraded. Called
   * often.
   */
  default @Nullable String problem() {
    return null;
  }

  /**
   * Counts rate limits for all processes that use the store together; null, the default, if each
   * counts for itself. Does not need {@link #startup}: what is returned opens its own connections.
   */
  default @Nullable SharedCounters sharedCounters() {
    return null;
  }

  /**
   * Whether a Shield Server stands between this node and the store. Such a server announces the
   * edges of windows itself, and what it holds wins over what the code of its clients declares,
   * except for {@code force_active}. False by default.
   */
  default boolean isControlPlane() {
    return false;
  }

  /**
   * Whether the store refuses this node, its credentials for instance, so that waiting does not
   * help and somebody has to look. False by default. Called often, on any thread.
   */
  default boolean isRefused() {
    return false;
  }

  /** What the store can do; the same answer on every call. */
  Capabilities capabilities();

  /** Closes what {@link #startup} opened. Does nothing by default. */
  default Future<Void> shutdown() {
    return Future.succeededFuture();
  }
}
