package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The connection for commands: opened when needed, shared by all, given up when an answer is late.
 * Used on one event loop.
 */
final class Link {
  private final Clients clients;
  private final String prefix;
  private final String reserved;
  private @Nullable Future<RedisConnection> connection;
  private @Nullable Copies copies;
  private boolean closed;

  /**
   * @param reserved what reserved names begin with in Redis
   */
  Link(Clients clients, String prefix, String reserved) {
    this.reserved = reserved;
    this.clients = clients;
    this.prefix = prefix;
  }

  /** What to call Redis in messages. */
  String address() {
    return clients.address();
  }

  /** Runs a script; the prefix of all keys goes first. */
  Future<Response> run(Script script, List<String> arguments) {
    return send(request(Command.EVALSHA, script.sha1(), arguments))
        .recover(
            failure ->
                String.valueOf(failure.getMessage()).contains("NOSCRIPT")
                    ? send(request(Command.EVAL, script.text(), arguments))
                    : Future.failedFuture(failure));
  }

  private Request request(Command command, String script, List<String> arguments) {
    // The one key tells a cluster where to send it; all others have the same hash tag.
    Request request = Request.cmd(command).arg(script).arg(1).arg(prefix + "meta:head");
    request.arg(prefix + "\n" + reserved);
    return arguments.isEmpty() ? request : request.arg(packed(arguments));
  }

  /** As the scripts unpack them. The client takes time in the square of their number. */
  private static Buffer packed(List<String> arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String argument : arguments) {
      byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
      out.writeBytes((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(bytes);
    }
    return Buffer.buffer(out.toByteArray());
  }

  /**
   * Succeeds when what was answered last, and all before it, is on as many replicas as are wanted.
   */
  Future<Void> copied() {
    if (clients.minReplicas() == 0) {
      return Future.succeededFuture();
    }
    Copies here = copies;
    return here == null
        ? Future.failedFuture(
            new StoreUnreachableException(
                "the connection to Redis at "
                    + clients.address()
                    + " was lost before its replicas were up to date",
                null))
        : here.level();
  }

  /** Leaves the server; the next command looks for the master. */
  void leave() {
    Future<RedisConnection> open = connection;
    if (open != null) {
      open.onSuccess(made -> drop(open, made));
    }
  }

  /** Sends a command. Fails with a {@link ShieldException} only. */
  Future<Response> send(Request request) {
    if (closed) {
      return Future.failedFuture(new ShieldException("the redis backend is closed"));
    }
    Future<RedisConnection> open = connected();
    return open.recover(failure -> Future.failedFuture(Failures.unsent(clients.address(), failure)))
        .compose(
            made ->
                made.send(request)
                    .timeout(clients.commandMillis(), TimeUnit.MILLISECONDS)
                    .onFailure(
                        failure -> {
                          if (failure instanceof TimeoutException || Failures.isMoved(failure)) {
                            drop(open, made);
                          }
                        }))
        .recover(failure -> Future.failedFuture(Failures.of(clients.address(), failure)));
  }

  private Future<RedisConnection> connected() {
    Future<RedisConnection> open = connection;
    if (open != null) {
      return open;
    }
    Future<RedisConnection> opening = clients.connect();
    connection = opening;
    opening
        .onSuccess(
            made -> {
              made.endHandler(v -> forget(opening));
              made.exceptionHandler(e -> forget(opening));
              if (connection == opening) {
                copies = new Copies(clients, made);
              }
            })
        .onFailure(e -> forget(opening));
    return opening;
  }

  private void forget(Future<RedisConnection> lost) {
    if (connection == lost) {
      connection = null;
      copies = null;
    }
  }

  private void drop(Future<RedisConnection> late, RedisConnection made) {
    if (connection == late) {
      connection = null;
      copies = null;
      Clients.discard(made);
    }
  }

  void close() {
    closed = true;
    Future<RedisConnection> open = connection;
    connection = null;
    if (open != null) {
      open.onSuccess(Clients::discard);
    }
  }
}
