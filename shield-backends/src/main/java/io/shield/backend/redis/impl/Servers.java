package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.error.ShieldException;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one server that all keys lie on: the master that sentinels name, the master of a
 * replica, the node of a cluster that has the keys' slot. Asked anew for each connection, so that
 * it follows a failover. Used on one event loop.
 */
final class Servers {
  private static final int MAX_HOPS = 4;

  private final RedisBackendOptions options;
  private final String key;
  private final Function<String, Future<RedisConnection>> opener;

  /** Where to begin asking: the server that answered last. */
  private int first;

  /**
   * @param key one of the keys
   * @param opener opens a connection to the server of a URL
   */
  Servers(
      RedisBackendOptions options, String key, Function<String, Future<RedisConnection>> opener) {
    this.options = options;
    this.key = key;
    this.opener = opener;
  }

  /** The URL of the server; fails if none of the known ones can tell. */
  Future<String> find() {
    List<String> urls = options.getUrls();
    return switch (options.getTopology()) {
      case STANDALONE -> Future.succeededFuture(urls.get(0));
      case SENTINEL -> first(this::askSentinel);
      case REPLICATION -> first(url -> master(url, MAX_HOPS));
      case CLUSTER -> first(this::askNode);
    };
  }

  /** The URL of a sentinel that answers. */
  Future<String> sentinel() {
    return first(url -> askSentinel(url).map(RedisUrl.withoutDatabase(url)));
  }

  /** Whether it is one of the servers that are asked, and not only one that was found. */
  boolean areAskedAt(String url) {
    return options.getUrls().stream()
        .anyMatch(known -> known.equals(url) || RedisUrl.withoutDatabase(known).equals(url));
  }

  /** The first answer that can be had. */
  private <T> Future<T> first(Function<String, Future<T>> question) {
    return next(question, 0, null);
  }

  private <T> Future<T> next(
      Function<String, Future<T>> question, int tried, @Nullable Throwable told) {
    List<String> urls = options.getUrls();
    if (tried == urls.size()) {
      return Future.failedFuture(told == null ? new IllegalStateException("no URL") : told);
    }
    int index = (first + tried) % urls.size();
    return question
        .apply(urls.get(index))
        .onSuccess(v -> first = index)
        .recover(failure -> next(question, tried + 1, worse(told, failure)));
  }

  /** Of two failures the one that trying again does not cure. */
  private static Throwable worse(@Nullable Throwable told, Throwable failure) {
    return told == null || told instanceof StoreUnreachableException ? failure : told;
  }

  private Future<String> askSentinel(String url) {
    String name = options.getMasterName();
    Request request = Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(name);
    // A sentinel has no databases.
    return ask(RedisUrl.withoutDatabase(url), request)
        .map(
            answer -> {
              if (answer == null || answer.size() < 2) {
                throw new ShieldException(
                    "the sentinel at " + shown(url) + " knows no master '" + name + "'");
              }
              return RedisUrl.at(url, answer.get(0).toString(), answer.get(1).toInteger());
            });
  }

  private Future<String> master(String url, int hops) {
    return ask(url, Request.cmd(Command.ROLE))
        .compose(
            answer -> {
              if (answer.get(0).toString().equals("master")) {
                return Future.succeededFuture(url);
              }
              if (hops == 0 || !answer.get(0).toString().equals("slave")) {
                return Future.failedFuture(
                    new StoreUnreachableException(
                        "Redis at " + shown(url) + " leads to no master", null));
              }
              String host = answer.get(1).toString();
              return master(RedisUrl.at(url, host, answer.get(2).toInteger()), hops - 1);
            });
  }

  /** Which node of a Redis Cluster has which slots. */
  Future<SlotMap> slots() {
    return first(this::slots);
  }

  private Future<SlotMap> slots(String url) {
    return ask(url, Request.cmd(Command.CLUSTER).arg("SLOTS"))
        .map(answer -> new SlotMap(url, answer));
  }

  private Future<String> askNode(String url) {
    return slots(url).map(slots -> slots.owner(key));
  }

  private Future<Response> ask(String url, Request request) {
    return opener
        .apply(url)
        .compose(
            made ->
                made.send(request)
                    .timeout(options.getCommandTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .onComplete(answer -> made.close()))
        .recover(failure -> Future.failedFuture(Failures.of(shown(url), failure)));
  }

  /**
   * Whether a connection leads to a server that takes writes: what was a master when it was asked
   * for may have become a replica. Should Redis not tell, the first write will.
   */
  Future<Void> check(String url, RedisConnection made) {
    return switch (options.getTopology()) {
      case STANDALONE, CLUSTER -> Future.succeededFuture();
      case SENTINEL, REPLICATION ->
          made.send(Request.cmd(Command.ROLE))
              .map(role -> role.get(0).toString())
              .otherwise("unknown")
              .compose(
                  role ->
                      role.equals("slave")
                          ? Future.failedFuture(
                              new StoreUnreachableException(
                                  "Redis at " + shown(url) + " is a replica now", null))
                          : Future.succeededFuture());
    };
  }

  private static String shown(String url) {
    return RedisUrl.parse("url", url).toString();
  }
}
