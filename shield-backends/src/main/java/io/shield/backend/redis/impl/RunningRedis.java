package io.shield.backend.redis.impl;

import io.shield.backend.impl.Listeners;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisTopology;
import io.shield.error.ShieldException;
import io.shield.internal.Dialect;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.spi.CommitListener;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started backend: its connections and its store, all on one event loop of its own. */
final class RunningRedis implements Subscriber.Ear {
  /** What it is made of. */
  record Setup(
      RedisBackendOptions options,
      String address,
      String prefix,
      InstantSource clock,
      @Nullable Redis given,
      Head expected) {}

  private static final Logger LOG = LoggerFactory.getLogger(RunningRedis.class);

  /** So often one node of the fleet looks for what others wrote without saying so. */
  private static final long SCAN_MILLIS = 10_000;

  private final Context context;
  private final Clients clients;
  private final Link link;
  private final Listeners listeners = new Listeners();
  private final RedisStore store;
  private final Subscriber subscriber;
  private final MasterWatch watch;
  private final Set<String> foreign = new HashSet<>();
  private final Precautions precautions;
  private volatile @Nullable String scanProblem;
  private boolean adopting;
  private long scanTimer = -1;
  private boolean closed;

  private RunningRedis(Context context, Setup setup) {
    this.context = context;
    this.clients =
        new Clients(
            context.owner(), setup.options(), setup.address(), setup.prefix(), setup.given());
    Dialect dialect = Dialect.valueOf(setup.options().getDialect().name());
    this.link = new Link(clients, setup.prefix(), dialect.reserved());
    this.precautions = new Precautions(link, clients.address(), setup.options());
    this.store =
        new RedisStore(
            context.owner(),
            link,
            setup.prefix(),
            setup.options(),
            setup.clock(),
            setup.expected(),
            listeners::outdated);
    this.subscriber =
        new Subscriber(context, clients, link, setup.prefix(), dialect, listeners, this);
    this.watch = new MasterWatch(clients, this::leaveOldMaster);
  }

  private void leaveOldMaster() {
    LOG.info("The sentinels have another master, leaving the old one");
    link.leave();
    subscriber.leave();
  }

  /** Connects; fails, with everything closed, if that does not work. */
  static Future<RunningRedis> open(Vertx vertx, Setup setup) {
    // Its own, so that it outlives the verticle that starts it.
    Context context = ((VertxInternal) vertx).createEventLoopContext();
    return on(
        context,
        () -> {
          RunningRedis made = new RunningRedis(context, setup);
          return made.link
              .send(Request.cmd(Command.PING))
              .compose(v -> made.checkNoCluster(setup.options()))
              .compose(v -> made.store.checkPermissions())
              .onSuccess(v -> made.started())
              .map(made)
              .onFailure(e -> made.release());
        });
  }

  /** A node of a cluster has only some of the keys, and answers for them alone. */
  private Future<Void> checkNoCluster(RedisBackendOptions options) {
    boolean alone = options.getTopology() == RedisTopology.STANDALONE;
    if (!alone || options.getHashTag() != null) {
      return Future.succeededFuture();
    }
    return link.send(Request.cmd(Command.INFO).arg("cluster"))
        .map(info -> info.toString().contains("cluster_enabled:1"))
        // Who may not look is told by the first key of another node.
        .otherwise(false)
        .compose(
            cluster ->
                cluster
                    ? Future.failedFuture(
                        new ShieldException(Failures.clusterNode(clients.address())))
                    : Future.succeededFuture());
  }

  private void started() {
    scanLater();
    precautions.check();
  }

  /** What does not stop the store but should be mended, or null. May be called from any thread. */
  @Nullable String warning() {
    List<String> warnings =
        Stream.of(precautions.warning(), scanProblem, store.warning())
            .filter(Objects::nonNull)
            .toList();
    return warnings.isEmpty() ? null : String.join("; ", warnings);
  }

  /** What Redis does not do now although it answers, or null. May be called from any thread. */
  @Nullable String problem() {
    return store.refusal();
  }

  /** Not all nodes at the same moment. */
  private void scanLater() {
    long wait = SCAN_MILLIS / 2 + ThreadLocalRandom.current().nextLong(SCAN_MILLIS / 2);
    scanTimer =
        context
            .owner()
            .setTimer(
                wait,
                id -> {
                  if (!closed) {
                    precautions.check();
                    store
                        .scan(SCAN_MILLIS)
                        .onSuccess(v -> scanProblem = null)
                        .onFailure(this::scanFailed)
                        .onComplete(v -> scanLater());
                  }
                });
  }

  private void scanFailed(Throwable cause) {
    if (cause instanceof StoreUnreachableException || Failures.isRefusal(cause)) {
      return;
    }
    String problem = "what others wrote cannot be looked for: " + cause.getMessage();
    if (!problem.equals(scanProblem)) {
      LOG.error("Redis at {}: {}", clients.address(), problem);
    }
    scanProblem = problem;
  }

  private static <T> Future<T> on(Context context, Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        v -> {
          try {
            work.get().onComplete(done);
          } catch (RuntimeException e) {
            done.tryFail(e);
          }
        });
    return done.future();
  }

  /** Where the store is; and whether that is still the place to ask. */
  Future<Head> head() {
    return on(
        context,
        () -> {
          watch.look();
          return store.head();
        });
  }

  <T> Future<T> ask(Function<RedisStore, Future<T>> question) {
    return on(context, () -> question.apply(store));
  }

  Future<Subscription> subscribe(CommitListener listener) {
    return on(context, () -> subscriber.add(listener));
  }

  @Override
  public void committed(Commit commit) {
    store.heard(commit);
    listeners.committed(commit);
  }

  @Override
  public void reopened() {
    store.reconnected();
    listeners.outdated();
  }

  /** Takes it over; one look at a time, for all that was heard of meanwhile. */
  @Override
  public void foreign(String document) {
    foreign.add(document);
    if (adopting || closed) {
      return;
    }
    adopting = true;
    List<String> documents = List.copyOf(foreign);
    foreign.clear();
    store
        .adopt(documents)
        .onFailure(e -> LOG.warn("What others wrote could not be looked at: {}", e.getMessage()))
        .onComplete(
            v -> {
              adopting = false;
              foreign.stream().findFirst().ifPresent(this::foreign);
            });
  }

  Future<Void> close() {
    return on(context, this::release);
  }

  private Future<Void> release() {
    closed = true;
    context.owner().cancelTimer(scanTimer);
    watch.close();
    subscriber.close();
    link.close();
    return clients.close();
  }
}
