package io.shield.backend.cluster.impl;

import io.shield.backend.cluster.ClusterBackend;
import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.backend.cluster.impl.limit.ClusterCounters;
import io.shield.error.ShieldException;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.Renewal;
import io.shield.spi.Subscription;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The backend as others see it, from its start to its end. */
public final class ClusterBackendImpl implements ClusterBackend {
  private final ClusterBackendOptions options;
  private final InstantSource clock;
  private final @Nullable Vertx given;
  private int users;
  private Head expected = Head.NONE;
  private @Nullable Future<RunningCluster> running;

  /**
   * A backend; opens nothing yet.
   *
   * @param given the clustered Vert.x, or null for that of the engine
   */
  public ClusterBackendImpl(
      ClusterBackendOptions options, InstantSource clock, @Nullable Vertx given) {
    this.options = new ClusterBackendOptions(options);
    this.clock = clock;
    this.given = given;
  }

  @Override
  public String location() {
    return "cluster " + options.getName();
  }

  @Override
  public synchronized void expect(Head held) {
    expected = Objects.requireNonNull(held, "held");
  }

  @Override
  public synchronized Future<Void> startup(Vertx vertx) {
    Objects.requireNonNull(vertx, "vertx");
    users++;
    if (running == null) {
      running = RunningCluster.open(given == null ? vertx : given, options, clock, expected);
    }
    Future<RunningCluster> started = running;
    return started.<Void>mapEmpty().onFailure(e -> forget(started));
  }

  private synchronized void forget(Future<RunningCluster> failed) {
    if (running == failed) {
      running = null;
      users = 0;
    }
  }

  @Override
  public synchronized Future<Void> shutdown() {
    if (running == null || --users > 0) {
      return Future.succeededFuture();
    }
    Future<RunningCluster> last = running;
    running = null;
    return last.transform(
        opened -> opened.succeeded() ? opened.result().close() : Future.succeededFuture());
  }

  private synchronized Future<RunningCluster> running() {
    return running != null
        ? running
        : Future.failedFuture(
            new ShieldException("the cluster backend '" + options.getName() + "' is not started"));
  }

  private <T> Future<T> ask(Function<ClusterStore, Future<T>> question) {
    return running().compose(open -> open.ask(question));
  }

  @Override
  public Future<Head> head() {
    return ask(ClusterStore::head);
  }

  @Override
  public Future<Snapshot> load() {
    return ask(ClusterStore::load);
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    Objects.requireNonNull(query, "query");
    return ask(store -> store.auditLog(query));
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    Objects.requireNonNull(change, "change");
    return running()
        .recover(
            e -> Future.failedFuture(new ChangeRefusedException(String.valueOf(e.getMessage()), e)))
        .compose(open -> open.ask(store -> store.commit(change)));
  }

  @Override
  public Future<Subscription> subscribe(CommitListener listener) {
    Objects.requireNonNull(listener, "listener");
    return running().compose(open -> open.subscribe(listener));
  }

  @Override
  public Future<Lineage> lineage() {
    return ask(ClusterStore::lineage);
  }

  @Override
  public Future<Descent> descent(Head earlier, Head later) {
    Objects.requireNonNull(earlier, "earlier");
    Objects.requireNonNull(later, "later");
    return ask(store -> store.descent(earlier, later));
  }

  @Override
  public Future<Head> renew(Renewal renewal) {
    Objects.requireNonNull(renewal, "renewal");
    return ask(store -> store.renew(renewal));
  }

  @Override
  public synchronized @Nullable String warning() {
    return running != null && running.succeeded() ? running.result().warning() : null;
  }

  @Override
  public SharedCounters sharedCounters() {
    return new ClusterCounters(options.getName(), clock, given);
  }

  @Override
  public Capabilities capabilities() {
    // With ZooKeeper it survives, but which manager there is shows at the start only.
    return new Capabilities(true, true, false, true);
  }
}
