package io.shield.backend.redis.impl;

import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the replicas have what one connection wrote. Only that connection can tell: another one
 * may lead to a server that never had it. Redis answers nothing else on it meanwhile, so that
 * questions are asked one at a time, for all who wait. Used on one event loop.
 */
final class Copies {
  /** How long replicas may take to be level. */
  private static final long COPY_MILLIS = 2000;

  private final Clients clients;
  private final RedisConnection connection;
  private @Nullable Future<Void> asking;
  private @Nullable Future<Void> next;

  Copies(Clients clients, RedisConnection connection) {
    this.clients = clients;
    this.connection = connection;
  }

  /**
   * Succeeds when what was read or written so far is on as many replicas as are wanted; fails if
   * that takes too long.
   */
  Future<Void> level() {
    Future<Void> before = asking;
    if (before == null) {
      return ask();
    }
    // What was answered after that was asked is covered by the next question only.
    Future<Void> joined = next;
    if (joined == null) {
      joined = before.transform(v -> ask());
      next = joined;
    }
    return joined;
  }

  private Future<Void> ask() {
    next = null;
    int wanted = clients.minReplicas();
    long millis = Math.min(COPY_MILLIS, clients.commandMillis() / 2);
    Future<Void> answer =
        connection
            .send(Request.cmd(Command.WAIT).arg(wanted).arg(millis))
            .timeout(clients.commandMillis(), TimeUnit.MILLISECONDS)
            .recover(e -> Future.failedFuture(Failures.of(clients.address(), e)))
            .compose(copies -> enough(copies.toInteger(), wanted));
    asking = answer;
    answer.onComplete(
        v -> {
          if (asking == answer) {
            asking = null;
          }
        });
    return answer;
  }

  private Future<Void> enough(int copies, int wanted) {
    return copies >= wanted
        ? Future.succeededFuture()
        : Future.failedFuture(
            new StoreUnreachableException(
                "Redis at "
                    + clients.address()
                    + " has only "
                    + copies
                    + " of "
                    + wanted
                    + " replicas up to date",
                null));
  }
}
