package io.shield.bench.propagation;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Two engines in Vert.x instances of their own, and a Redis. One is asked for changes of many
 * routes at a steady rate, the other's handler says when it enforces each; between two changes a
 * message as long goes from one plain connection to another.
 */
final class Propagation implements AutoCloseable {
  private static final List<String> ROUTES =
      IntStream.range(0, 50).mapToObj(i -> "GET:/route" + i).toList();
  private static final String CHANNEL = "bench";
  private static final int WARM_UP = 400;
  private static final int PATIENCE_SECONDS = 60;

  private final Vertx here = Vertx.vertx();
  private final Vertx there = Vertx.vertx();
  private final int total;
  private final AtomicLongArray asked;
  private final AtomicLongArray acknowledged;
  private final AtomicLongArray enforced;
  private final AtomicLongArray published;
  private final AtomicLongArray received;
  private final Promise<Void> over = Promise.promise();
  private int begun;
  private int left;

  /**
   * @param changes how many are measured
   */
  Propagation(int changes) {
    total = WARM_UP + changes;
    asked = new AtomicLongArray(total);
    acknowledged = new AtomicLongArray(total);
    enforced = new AtomicLongArray(total);
    published = new AtomicLongArray(total);
    received = new AtomicLongArray(total);
    left = 3 * total;
  }

  /**
   * Measures; to be called once.
   *
   * @param url the Redis
   * @param perSecond changes a second
   */
  void run(String url, int perSecond) throws Exception {
    ShieldEngine writer = engine(here, url);
    ShieldEngine reader = engine(there, url);
    reader.onChange(this::enforced);
    RedisConnection publisher = get(Redis.createClient(here, url).connect());
    RedisConnection subscriber = get(Redis.createClient(there, url).connect());
    subscriber.handler(this::received);
    get(subscriber.send(Request.cmd(Command.SUBSCRIBE).arg(CHANNEL)));
    long period = TimeUnit.SECONDS.toMillis(1) / perSecond;
    here.setPeriodic(
        period,
        timer -> {
          if (begun == total) {
            here.cancelTimer(timer);
          } else {
            begin(writer, publisher, begun++, period);
          }
        });
    awaitEnd(total * period / 1000 + PATIENCE_SECONDS);
  }

  private void awaitEnd(long seconds) throws Exception {
    try {
      get(over.future(), seconds);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          missing() + " changes or messages had not arrived after " + seconds + " s", e);
    }
  }

  private synchronized int missing() {
    return left;
  }

  private static ShieldEngine engine(Vertx vertx, String url) throws Exception {
    ShieldEngine engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setBackend(RedisBackend.create(new RedisBackendOptions().setUrl(url)))
                .putSetting("SHIELD_CACHE_DIR", "off"));
    engine.register(ROUTES.stream().map(RouteState::active).toList());
    get(engine.start());
    return engine;
  }

  private void begin(ShieldEngine writer, RedisConnection publisher, int number, long period) {
    asked.set(number, System.nanoTime());
    writer
        .routes()
        .disable(route(number), Actor.of("bench", "cli"), Integer.toString(number))
        .onSuccess(state -> note(acknowledged, number))
        .onFailure(over::tryFail);
    here.setTimer(
        Math.max(1, period / 2),
        timer -> {
          published.set(number, System.nanoTime());
          publisher
              .send(Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(message(number)))
              .onFailure(over::tryFail);
        });
  }

  private static String route(int number) {
    return ROUTES.get(number % ROUTES.size());
  }

  /** About as long as what a commit of one route publishes. */
  private static String message(int number) {
    return number + " " + "x".repeat(1000);
  }

  private void enforced(ShieldChange change) {
    for (String route : change.routes()) {
      RouteState state = change.after().state(route);
      if (state != null && !state.reason().isEmpty()) {
        note(enforced, Integer.parseInt(state.reason()));
      }
    }
  }

  private void received(Response push) {
    if (push.type() == ResponseType.PUSH && push.get(0).toString().equals("message")) {
      String text = push.get(2).toString();
      note(received, Integer.parseInt(text.substring(0, text.indexOf(' '))));
    }
  }

  /** A change that a reload skipped is never noted, and the run fails for it. */
  private void note(AtomicLongArray times, int number) {
    times.set(number, System.nanoTime());
    boolean last;
    synchronized (this) {
      left--;
      last = left == 0;
    }
    if (last) {
      over.tryComplete();
    }
  }

  Times acknowledgement() {
    return between(asked, acknowledged);
  }

  /** From asked for to enforced on the other node. */
  Times whole() {
    return between(asked, enforced);
  }

  /** From acknowledged to enforced on the other node; 0 if the other was first. */
  Times propagation() {
    return between(acknowledged, enforced);
  }

  /** One message. */
  Times hop() {
    return between(published, received);
  }

  private Times between(AtomicLongArray from, AtomicLongArray to) {
    long[] nanos = new long[total - WARM_UP];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = Math.max(0, to.get(WARM_UP + i) - from.get(WARM_UP + i));
    }
    return Times.of(nanos);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return get(future, PATIENCE_SECONDS);
  }

  private static <T> T get(Future<T> future, long seconds) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    Future<Void> closed = Future.join(here.close(), there.close()).mapEmpty();
    closed.toCompletionStage().toCompletableFuture().join();
  }
}
