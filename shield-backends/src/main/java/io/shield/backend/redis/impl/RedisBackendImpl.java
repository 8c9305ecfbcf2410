package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisTopology;
import io.shield.error.InvalidValueException;
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
import io.vertx.redis.client.Redis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The backend as others see it, from its start to its end. */
public final class RedisBackendImpl implements RedisBackend {
  private final RedisBackendOptions options;
  private final InstantSource clock;
  private final @Nullable Redis given;
  private final String prefix;
  private int users;
  private Head expected = Head.NONE;
  private @Nullable Future<RunningRedis> running;

  /**
   * A backend; opens nothing yet.
   *
   * @param given the caller's client, or null to make one
   */
  public RedisBackendImpl(RedisBackendOptions options, InstantSource clock, @Nullable Redis given) {
    this.options = new RedisBackendOptions(options);
    this.clock = clock;
    this.given = given;
    check(options);
    String tag = options.getHashTag();
    this.prefix = (tag == null ? "" : "{" + tag + "}") + options.getKeyPrefix();
  }

  /** What must fit together. */
  private static void check(RedisBackendOptions options) {
    RedisTopology topology = options.getTopology();
    List<String> urls = options.getUrls();
    if (topology == RedisTopology.STANDALONE && urls.size() > 1) {
      throw new InvalidValueException(
          "urls", urls.size() + " URLs", "one, unless the topology is another than standalone");
    }
    if (topology == RedisTopology.CLUSTER && options.getHashTag() == null) {
      throw new InvalidValueException(
          "hashTag", "none", "given for a Redis Cluster, so that all keys lie on one node");
    }
    for (String url : urls) {
      int database = RedisUrl.parse("url", url).database();
      if (topology == RedisTopology.CLUSTER && database != 0) {
        throw new InvalidValueException("url", database, "database 0, the only one of a cluster");
      }
    }
    checkReadable("caFile", options.getCaFile());
    checkReadable("certFile", options.getCertFile());
    checkReadable("keyFile", options.getKeyFile());
    if ((options.getCertFile() == null) != (options.getKeyFile() == null)) {
      throw new InvalidValueException(
          options.getKeyFile() == null ? "keyFile" : "certFile",
          "none",
          "given: certFile and keyFile belong together");
    }
  }

  private static void checkReadable(String field, @Nullable String file) {
    if (file != null && !Files.isReadable(Path.of(file))) {
      throw new InvalidValueException(field, file, "a file that can be read");
    }
  }

  private String address() {
    return addresses().collect(Collectors.joining(","));
  }

  private Stream<String> addresses() {
    return options.getUrls().stream().map(url -> RedisUrl.parse("url", url).toString());
  }

  @Override
  public String location() {
    return addresses().distinct().sorted().collect(Collectors.joining(",")) + " " + prefix;
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
      running =
          RunningRedis.open(
              vertx, new RunningRedis.Setup(options, address(), prefix, clock, given, expected));
    }
    Future<RunningRedis> started = running;
    return started.<Void>mapEmpty().onFailure(e -> forget(started));
  }

  private synchronized void forget(Future<RunningRedis> failed) {
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
    Future<RunningRedis> last = running;
    running = null;
    // A start that failed has closed what it opened.
    return last.transform(
        opened -> opened.succeeded() ? opened.result().close() : Future.succeededFuture());
  }

  private synchronized Future<RunningRedis> running() {
    return running != null
        ? running
        : Future.failedFuture(
            new ShieldException("the redis backend of " + address() + " is not started"));
  }

  private <T> Future<T> ask(Function<RedisStore, Future<T>> question) {
    return running().compose(open -> open.ask(question));
  }

  @Override
  public Future<Head> head() {
    return running().compose(RunningRedis::head);
  }

  @Override
  public Future<Snapshot> load() {
    return ask(RedisStore::load);
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    Objects.requireNonNull(query, "query");
    return ask(store -> store.auditLog(query));
  }

  @Override
  public Future<Integer> auditCount(AuditQuery query) {
    Objects.requireNonNull(query, "query");
    return ask(store -> store.auditCount(query));
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
    return ask(RedisStore::lineage);
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
  public synchronized @Nullable String problem() {
    return running != null && running.succeeded() ? running.result().problem() : null;
  }

  @Override
  public SharedCounters sharedCounters() {
    return new RedisCounters(options, given, address(), prefix);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true, true);
  }
}
