package io.shield.backend.cluster.impl;

import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.backend.impl.Listeners;
import io.shield.error.ShieldException;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.spi.CommitListener;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started backend: its log, its store and its messages, all on one event loop of its own. */
final class RunningCluster implements ClusterStore.Ear, Bus.Ear {
  private static final Logger LOG = LoggerFactory.getLogger(RunningCluster.class);

  /** A proposal that takes longer does not count; some answers never come. */
  private static final long ANSWER_MILLIS = 3000;

  /** So soon what others told is compared with the log. */
  private static final long CHECK_MILLIS = 500;

  private final Context context;
  private final Turns turns;
  private final Cluster cluster;
  private final Listeners listeners = new Listeners();
  private final Members members;
  private final Keeper keeper;
  private final ClusterStore store;
  private @Nullable Bus bus;
  private boolean checkPlanned;
  private boolean closed;

  private RunningCluster(
      Context context,
      Cluster cluster,
      ClusterBackendOptions options,
      InstantSource clock,
      Head expected) {
    this.context = context;
    this.turns = new Turns(context);
    this.cluster = cluster;
    this.members = new Members(cluster.membership(), options.getMembers());
    CommitLog log = new PiecedLog(context, cluster.log(), ANSWER_MILLIS);
    this.keeper = new Keeper(context, log);
    LogReader reader = new LogReader(context, log, options.getAuditLimit());
    this.store =
        new ClusterStore(
            cluster, log, reader, members, keeper, clock, options.getAuditLimit(), expected, this);
  }

  /** Opens the cluster's log and subscribes to its messages. */
  static Future<RunningCluster> open(
      Vertx vertx, ClusterBackendOptions options, InstantSource clock, Head expected) {
    // Its own, so that it outlives the verticle that starts it.
    Context context = ((VertxInternal) vertx).createEventLoopContext();
    return new Turns(context)
        .add(
            () ->
                Cluster.open(vertx, options.getName(), ANSWER_MILLIS)
                    .map(cluster -> new RunningCluster(context, cluster, options, clock, expected))
                    .compose(made -> made.listen(vertx, options.getName()))
                    .recover(e -> Future.failedFuture(explained(e))));
  }

  private Future<RunningCluster> listen(Vertx vertx, String name) {
    for (String warning : cluster.warnings()) {
      LOG.warn("The cluster that keeps the store '{}': {}", name, warning);
    }
    return Bus.open(vertx, name, ANSWER_MILLIS, this)
        .map(
            open -> {
              bus = open;
              return this;
            });
  }

  /** What a cluster manager throws says that the cluster cannot be reached. */
  private static Throwable explained(Throwable e) {
    return e instanceof ShieldException
        ? e
        : new StoreUnreachableException("the cluster did not answer: " + e, e);
  }

  <T> Future<T> ask(Function<ClusterStore, Future<T>> question) {
    return turns
        .add(
            () -> {
              if (closed) {
                return Future.<T>failedFuture(closed());
              }
              String news = members.news();
              if (news != null) {
                LOG.error("{}", news);
              }
              return question.apply(store);
            })
        .recover(e -> Future.failedFuture(explained(e)));
  }

  private static ShieldException closed() {
    return new ShieldException("the cluster backend is closed");
  }

  Future<Subscription> subscribe(CommitListener listener) {
    return turns.add(() -> Future.succeededFuture(listeners.add(listener)));
  }

  @Override
  public void committed(Commit commit) {
    listeners.committed(commit);
  }

  @Override
  public void outdated() {
    listeners.outdated();
  }

  @Override
  public void appended(Entry entry, @Nullable String predecessor) {
    Bus open = bus;
    if (open != null) {
      open.tell(entry, predecessor);
    }
  }

  @Override
  public void heard(Head head, @Nullable String text) {
    ask(store -> store.heard(head, text))
        .onFailure(e -> LOG.debug("What was told cannot be looked up", e))
        .onComplete(v -> checkSoon());
  }

  /** One look for all that is heard meanwhile. */
  private void checkSoon() {
    if (checkPlanned || closed) {
      return;
    }
    checkPlanned = true;
    context
        .owner()
        .timer(CHECK_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(
            v -> {
              checkPlanned = false;
              if (!closed) {
                ask(ClusterStore::current)
                    .onFailure(e -> LOG.debug("What was told cannot be looked up", e));
              }
            });
  }

  /** What should be mended, or null. May be called from any thread. */
  @Nullable String warning() {
    List<String> all = new ArrayList<>();
    for (String each : new String[] {members.warning(), keeper.warning()}) {
      if (each != null) {
        all.add(each);
      }
    }
    all.addAll(cluster.warnings());
    return all.isEmpty() ? null : String.join("; ", all);
  }

  Future<Void> close() {
    return turns.add(
        () -> {
          closed = true;
          listeners.clear();
          Bus open = bus;
          return open == null
              ? Future.succeededFuture()
              : open.close().timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
        });
  }
}
