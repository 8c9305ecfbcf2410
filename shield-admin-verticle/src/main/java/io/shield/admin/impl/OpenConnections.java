package io.shield.admin.impl;

import io.shield.admin.stream.Turns;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The connections of a server, of which those are closed that make it wait longer than they may. A
 * stream of events lasts as long as it likes. Confined to the context on which the server was made.
 */
final class OpenConnections {
  private static final long LOOK_MILLIS = 1_000;

  private final Vertx vertx;
  private final ContextInternal context;
  private final TimeLimits limits;
  private final IdentityHashMap<HttpConnection, Connection> open = new IdentityHashMap<>();
  private final long timer;
  private boolean looking;

  OpenConnections(Vertx vertx, TimeLimits limits) {
    this.vertx = vertx;
    this.context = ((VertxInternal) vertx).getOrCreateContext();
    this.limits = limits;
    long shortest = Math.min(limits.head().toMillis(), limits.body().toMillis());
    long often = Math.max(1, Math.min(LOOK_MILLIS, shortest / 2));
    this.timer = vertx.setPeriodic(often, id -> look());
  }

  /** Watches a server that does not listen yet, on whose requests the handler is called. */
  void watch(HttpServer server, Handler<HttpServerRequest> handler) {
    server.connectionHandler(this::opened);
    server.requestHandler(
        request -> {
          Connection connection = open.get(request.connection());
          if (connection != null) {
            connection.begun(request);
          }
          handler.handle(request);
        });
  }

  private void opened(HttpConnection connection) {
    open.put(connection, new Connection(connection));
    connection.closeHandler(v -> open.remove(connection));
  }

  /** Stops watching. */
  void close() {
    vertx.cancelTimer(timer);
  }

  private void look() {
    if (!looking) {
      looking = true;
      Turns.of(context)
          .forEach(
              open.values(),
              connection -> connection.look(System.nanoTime()),
              () -> looking = false);
    }
  }

  private static boolean isOver(long since, long now, Duration limit) {
    return now - since > limit.toNanos();
  }

  /** A request under way. */
  private record Exchange(HttpServerRequest request, long since) {
    boolean isOver() {
      HttpServerResponse response = request.response();
      return response.closed() || (response.ended() && request.isEnded());
    }
  }

  private final class Connection {
    private final HttpConnection connection;
    private final List<Exchange> exchanges = new ArrayList<>(1);
    private long quietSince = System.nanoTime();
    private Duration mayBeQuiet = limits.head();

    Connection(HttpConnection connection) {
      this.connection = connection;
    }

    void begun(HttpServerRequest request) {
      exchanges.removeIf(Exchange::isOver);
      exchanges.add(new Exchange(request, System.nanoTime()));
    }

    void look(long now) {
      if (exchanges.removeIf(Exchange::isOver)) {
        quietSince = now;
        mayBeQuiet = limits.idle();
      }
      if (exchanges.isEmpty()) {
        if (isOver(quietSince, now, mayBeQuiet)) {
          connection.close();
        }
        return;
      }
      for (Exchange each : List.copyOf(exchanges)) {
        if (!each.request.isEnded() && isOver(each.since, now, limits.body())) {
          refuse(each.request.response());
        }
      }
    }

    private void refuse(HttpServerResponse response) {
      if (response.headWritten()) {
        connection.close();
        return;
      }
      Answer answer = Errors.error(408, "TIMEOUT", "the body did not come in time");
      response.setStatusCode(answer.status()).putHeader("Content-Type", "application/json");
      if (response.streamId() < 0) {
        response.putHeader("Connection", "close");
      }
      response.end(answer.body()).onComplete(v -> connection.close());
    }
  }
}
