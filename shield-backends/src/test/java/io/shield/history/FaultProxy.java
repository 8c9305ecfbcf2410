package io.shield.history;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One node's way to Redis or to a server, on loopback. It can do what networks do, and of what
 * Redis publishes it loses a part. Its methods may be called from any thread.
 */
public final class FaultProxy implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int LOST_MESSAGES = 10;

  private final ContextInternal context;
  private final Random random;
  private final int target;
  private final NetServer server;
  private final NetClient client;
  private final Set<Connection> connections = new LinkedHashSet<>();
  private boolean refusing;
  private int delayMillis;

  /** Whether what comes back are values of Redis. */
  private final boolean redis;

  private FaultProxy(VertxInternal vertx, int target, boolean redis, long seed) {
    this.redis = redis;
    this.context = vertx.createEventLoopContext();
    this.random = new Random(seed);
    this.target = target;
    this.server = vertx.createNetServer();
    this.client = vertx.createNetClient();
  }

  /** The way to a Redis. */
  static FaultProxy start(Vertx vertx, int target, long seed) throws Exception {
    return listening(new FaultProxy((VertxInternal) vertx, target, true, seed));
  }

  /** The way to any other server. */
  public static FaultProxy plain(Vertx vertx, int target) throws Exception {
    return listening(new FaultProxy((VertxInternal) vertx, target, false, 0));
  }

  private static FaultProxy listening(FaultProxy proxy) throws Exception {
    Promise<NetServer> listening = Promise.promise();
    proxy.context.runOnContext(
        v -> {
          proxy.server.connectHandler(proxy::accept);
          proxy.server.listen(0, HOST).onComplete(listening);
        });
    listening.future().toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    return proxy;
  }

  /** Where it listens. */
  public int port() {
    return server.actualPort();
  }

  String url() {
    return "redis://" + HOST + ":" + server.actualPort() + "/0";
  }

  /** Closes all connections. */
  public void cut() {
    forEach(Connection::close);
  }

  /** Leaves all connections open and forwards nothing on them any more. */
  public void halfOpen() {
    forEach(
        connection -> {
          connection.up.dead = true;
          connection.down.dead = true;
        });
  }

  /** Forwards what nodes ask on open connections, and loses every answer. */
  public void dropAnswers() {
    forEach(connection -> connection.down.dead = true);
  }

  /** Loses what nodes ask on open connections. */
  public void dropQuestions() {
    forEach(connection -> connection.up.dead = true);
  }

  /** Forwards half of the next answer of each connection, and closes it. */
  public void truncate() {
    forEach(connection -> connection.down.truncating = true);
  }

  /** Forwards everything so much later. */
  public void delay(int millis) {
    context.runOnContext(v -> delayMillis = millis);
  }

  /** Lets nobody through, until {@link #heal}. */
  public void refuse() {
    context.runOnContext(v -> refusing = true);
    cut();
  }

  /** Lets everybody through at once; connections that lost something stay dead. */
  public void heal() {
    context.runOnContext(
        v -> {
          refusing = false;
          delayMillis = 0;
          connections.forEach(connection -> connection.down.truncating = false);
        });
  }

  private void forEach(Consumer<Connection> action) {
    context.runOnContext(v -> List.copyOf(connections).forEach(action));
  }

  private void accept(NetSocket inner) {
    if (refusing) {
      inner.close();
      return;
    }
    inner.pause();
    client
        .connect(target, HOST)
        .onFailure(failure -> inner.close())
        .onSuccess(
            outer -> {
              Connection connection = new Connection(inner, outer);
              connections.add(connection);
              inner.resume();
            });
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }

  /** Both ways of one connection. */
  private final class Connection {
    private final NetSocket inner;
    private final NetSocket outer;
    private final Way up;
    private final Way down;

    Connection(NetSocket inner, NetSocket outer) {
      this.inner = inner;
      this.outer = outer;
      this.up = new Way(this, outer);
      this.down = new Way(this, inner);
      inner.closeHandler(v -> close());
      outer.closeHandler(v -> close());
      inner.exceptionHandler(failure -> close());
      outer.exceptionHandler(failure -> close());
      inner.handler(up::forward);
      if (!redis) {
        outer.handler(down::forward);
        return;
      }
      RespStream values = new RespStream();
      outer.handler(
          data -> {
            for (Buffer value : values.values(data)) {
              if (!RespStream.isMessage(value) || random.nextInt(LOST_MESSAGES) > 0) {
                down.forward(value);
              }
            }
          });
    }

    void close() {
      connections.remove(this);
      inner.close();
      outer.close();
    }
  }

  /** One way of a connection: what is forwarded stays in order. */
  private final class Way {
    private final Connection connection;
    private final NetSocket to;
    private Future<Void> before;
    private boolean dead;
    private boolean truncating;

    Way(Connection connection, NetSocket to) {
      this.connection = connection;
      this.to = to;
      this.before = context.succeededFuture();
    }

    void forward(Buffer data) {
      if (dead) {
        return;
      }
      if (truncating) {
        to.write(data.getBuffer(0, data.length() / 2));
        connection.close();
      } else if (delayMillis == 0 && before.isComplete()) {
        to.write(data);
      } else {
        before = before.compose(v -> later(delayMillis)).onSuccess(v -> to.write(data));
      }
    }

    private Future<Void> later(int millis) {
      Promise<Void> over = context.promise();
      context.setTimer(Math.max(1, millis), timer -> over.complete());
      return over.future();
    }
  }
}
