package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, with the caller's client or with one of its own. Used on one event loop. A
 * connection that hangs while it is opened would hold its place in the pool for ever, so an own
 * client is then replaced.
 */
final class Clients {
  /** How long a connection may say nothing; each hears something every two seconds. */
  private static final int SILENT_SECONDS = 15;

  private final VertxInternal vertx;
  private final RedisBackendOptions options;
  private final String address;
  private final @Nullable Redis given;
  private @Nullable Redis own;

  Clients(Vertx vertx, RedisBackendOptions options, String address, @Nullable Redis given) {
    this.vertx = (VertxInternal) vertx;
    this.options = options;
    this.address = address;
    this.given = given;
  }

  /** What to call Redis in messages. */
  String address() {
    return address;
  }

  long commandMillis() {
    return options.getCommandTimeout().toMillis();
  }

  /** Opens a connection; one that comes too late is closed. */
  Future<RedisConnection> connect() {
    Promise<RedisConnection> opened = vertx.promise();
    Redis client = client();
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
                replace(client);
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

  private Redis client() {
    if (given != null) {
      return given;
    }
    if (own == null) {
      own = Redis.createClient(vertx, clientOptions());
    }
    return own;
  }

  private void replace(Redis hanging) {
    if (own == hanging) {
      own = null;
      hanging.close();
    }
  }

  private RedisOptions clientOptions() {
    NetClientOptions net =
        new NetClientOptions()
            .setConnectTimeout((int) options.getConnectTimeout().toMillis())
            .setReadIdleTimeout(SILENT_SECONDS)
            .setTcpKeepAlive(true)
            .setTcpNoDelay(true)
            .setHostnameVerificationAlgorithm("HTTPS");
    return new RedisOptions()
        .setNetClientOptions(net)
        .setType(RedisClientType.valueOf(options.getTopology().name()))
        .setMasterName(options.getMasterName())
        .setMaxPoolSize(options.getMaxPoolSize())
        .setEndpoints(options.getUrls());
  }

  /** Closes what was opened here. */
  Future<Void> close() {
    Redis open = own;
    own = null;
    return open == null ? Future.succeededFuture() : open.close();
  }
}
