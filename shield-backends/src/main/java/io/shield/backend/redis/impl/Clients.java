package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisTopology;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, with the caller's client or with own ones, one for each server. Used on one
 * event loop. A connection that hangs while it is opened would hold its place in the pool for ever,
 * so an own client is then replaced.
 */
final class Clients {
  /** How long a connection may say nothing; each hears something every two seconds. */
  private static final int SILENT_SECONDS = 15;

  private final VertxInternal vertx;
  private final RedisBackendOptions options;
  private final String address;
  private final @Nullable Redis given;
  private final Servers servers;
  private final Map<String, Redis> own = new HashMap<>();

  /** Where connections lead that were opened since the master was last found elsewhere. */
  private final Set<String> masters = new HashSet<>();

  Clients(
      Vertx vertx,
      RedisBackendOptions options,
      String address,
      String prefix,
      @Nullable Redis given) {
    this.vertx = (VertxInternal) vertx;
    this.options = options;
    this.address = address;
    this.given = given;
    this.servers = new Servers(options, prefix + "meta:head", this::connectTo);
  }

  /** What to call Redis in messages. */
  String address() {
    return address;
  }

  long commandMillis() {
    return options.getCommandTimeout().toMillis();
  }

  /** Why a server does not do what it was asked for, in one line. */
  String problem(Throwable failure) {
    String text = String.valueOf(Failures.of(address, failure).getMessage());
    boolean moved = text.contains("MOVED ") && options.getTopology() == RedisTopology.STANDALONE;
    return moved ? Failures.clusterNode(address) : text;
  }

  /** How many replicas must have what is believed. */
  int minReplicas() {
    return options.getMinReplicas();
  }

  boolean hasSentinels() {
    return given == null && options.getTopology() == RedisTopology.SENTINEL;
  }

  /** Asks the sentinels whether a connection leads to another server than their master. */
  Future<Boolean> isMasterElsewhere() {
    return servers
        .find()
        .map(
            master -> {
              boolean elsewhere = masters.stream().anyMatch(known -> !known.equals(master));
              if (elsewhere) {
                masters.clear();
              }
              return elsewhere;
            });
  }

  /** Which node of a Redis Cluster has which slots. */
  Future<SlotMap> slots() {
    return servers.slots();
  }

  /** Opens a connection to a sentinel that answers. */
  Future<RedisConnection> connectToSentinel() {
    return servers.sentinel().compose(this::connectTo);
  }

  /** Opens a connection to the server that the keys lie on. */
  Future<RedisConnection> connect() {
    if (given != null) {
      return connect(given, () -> {});
    }
    return servers.find().compose(this::connectToMaster);
  }

  private Future<RedisConnection> connectToMaster(String url) {
    return connectTo(url)
        .compose(made -> servers.check(url, made).map(made).onFailure(e -> discard(made)))
        .onSuccess(
            made -> {
              masters.add(url);
              forgetFormer(url);
            });
  }

  /** Masters come and go; the clients of those that nobody configured must not pile up. */
  private void forgetFormer(String url) {
    List<String> former =
        own.keySet().stream()
            .filter(known -> !known.equals(url) && !servers.areAskedAt(known))
            .toList();
    former.forEach(
        known -> {
          Redis client = own.remove(known);
          if (client != null) {
            client.close();
          }
        });
  }

  private Future<RedisConnection> connectTo(String url) {
    Redis client = own.computeIfAbsent(url, this::client);
    return connect(
        client,
        () -> {
          if (own.remove(url, client)) {
            client.close();
          }
        });
  }

  /**
   * Opens a connection; one that comes too late is closed.
   *
   * @param onHanging called when it is given up
   */
  private Future<RedisConnection> connect(Redis client, Runnable onHanging) {
    Promise<RedisConnection> opened = vertx.promise();
    client
        .connect()
        .onComplete(
            result -> {
              if (result.failed()) {
                opened.tryFail(result.cause());
              } else if (!opened.tryComplete(result.result())) {
                discard(result.result());
              }
            });
    return opened
        .future()
        .timeout(options.getConnectTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              if (opened.tryFail(failure)) {
                onHanging.run();
              }
              return Future.failedFuture(Failures.of(address, failure));
            });
  }

  /**
   * Closes a connection so that no pool gives it out again: one that was subscribed is not reused.
   */
  static void discard(RedisConnection connection) {
    connection.handler(null).endHandler(null).exceptionHandler(ignored -> {});
    connection.send(Request.cmd(Command.UNSUBSCRIBE));
    connection.close();
  }

  private Redis client(String url) {
    NetClientOptions net =
        new NetClientOptions()
            .setConnectTimeout((int) options.getConnectTimeout().toMillis())
            .setReadIdleTimeout(SILENT_SECONDS)
            .setTcpKeepAlive(true)
            .setTcpNoDelay(true)
            .setHostnameVerificationAlgorithm("HTTPS");
    String trusted = options.getCaFile();
    if (trusted != null) {
      net.setTrustOptions(new PemTrustOptions().addCertPath(trusted));
    }
    String certificate = options.getCertFile();
    String key = options.getKeyFile();
    if (certificate != null && key != null) {
      net.setKeyCertOptions(new PemKeyCertOptions().addCertPath(certificate).addKeyPath(key));
    }
    return Redis.createClient(
        vertx,
        new RedisOptions()
            .setNetClientOptions(net)
            .setMaxPoolSize(options.getMaxPoolSize())
            .setConnectionString(RedisUrl.forClient(url)));
  }

  /** Closes what was opened here. */
  Future<Void> close() {
    List<Future<Void>> closing = own.values().stream().map(Redis::close).toList();
    own.clear();
    return Future.join(closing).mapEmpty();
  }
}
