package io.shield.backend.redis.impl;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * Notices that sentinels have another master: an old one goes on confirming for a while, and what
 * it confirms is lost. They tell by themselves, and are asked at intervals. Used on one event loop.
 */
final class MasterWatch {
  private static final String SWITCHED = "+switch-master";

  private final Clients clients;
  private final Runnable onMoved;
  private @Nullable Future<RedisConnection> listening;
  private boolean looking;
  private boolean closed;

  /**
   * @param onMoved called when a connection leads to another server than the master
   */
  MasterWatch(Clients clients, Runnable onMoved) {
    this.clients = clients;
    this.onMoved = onMoved;
  }

  /** Asks, and listens if it does not. */
  void look() {
    if (closed || looking || !clients.hasSentinels()) {
      return;
    }
    looking = true;
    listen();
    clients
        .isMasterElsewhere()
        .onComplete(
            answer -> {
              looking = false;
              if (answer.succeeded() && answer.result() && !closed) {
                onMoved.run();
              }
            });
  }

  private void listen() {
    if (listening != null) {
      return;
    }
    Future<RedisConnection> opening = clients.connectToSentinel();
    listening = opening;
    opening
        .onFailure(e -> forget(opening))
        .onSuccess(
            made -> {
              if (closed) {
                Clients.discard(made);
                return;
              }
              made.endHandler(v -> forget(opening));
              made.exceptionHandler(e -> forget(opening));
              made.handler(
                  message -> {
                    if (message != null && message.toString().contains(SWITCHED)) {
                      look();
                    }
                  });
              made.send(Request.cmd(Command.SUBSCRIBE).arg(SWITCHED))
                  .onFailure(e -> forget(opening));
            });
  }

  private void forget(Future<RedisConnection> lost) {
    if (listening == lost) {
      listening = null;
    }
  }

  void close() {
    closed = true;
    Future<RedisConnection> open = listening;
    listening = null;
    if (open != null) {
      open.onSuccess(Clients::discard);
    }
  }
}
