package io.shield.bench.propagation;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two engines in Vert.x instances of their own, and a store that they share. One is asked for
 * changes of many routes at a steady rate, the other's handler says when it enforces each; between
 * two changes a message as long takes the same way, and a bare write is made where the store has
 * one.
 */
final class Propagation {
  private static final List<String> ROUTES =
      IntStream.range(0, 50).mapToObj(i -> "GET:/route" + i).toList();
  private static final int WARM_UP = 400;
  private static final int PATIENCE_SECONDS = 60;

  private final Medium medium;
  private final int total;
  private final AtomicLongArray asked;
  private final AtomicLongArray acknowledged;
  private final AtomicLongArray enforced;
  private final AtomicLongArray published;
  private final AtomicLongArray received;
  private final AtomicLongArray written;
  private final Promise<Void> over = Promise.promise();
  private int begun;
  private boolean writes;
  private int left;

  /**
   * @param medium what they share
   * @param changes how many are measured
   */
  Propagation(Medium medium, int changes) {
    this.medium = medium;
    total = WARM_UP + changes;
    asked = new AtomicLongArray(total);
    acknowledged = new AtomicLongArray(total);
    enforced = new AtomicLongArray(total);
    published = new AtomicLongArray(total);
    received = new AtomicLongArray(total);
    written = new AtomicLongArray(total);
    left = 3 * total;
  }

  /**
   * Measures; to be called once.
   *
   * @param perSecond changes a second
   */
  void run(int perSecond) throws Exception {
    ShieldEngine writer = engine(medium.here());
    ShieldEngine reader = engine(medium.there());
    reader.onChange(this::enforced);
    get(medium.listen(this::received));
    Vertx here = medium.here();
    long period = TimeUnit.SECONDS.toMillis(1) / perSecond;
    here.setPeriodic(
        period,
        timer -> {
          if (begun == total) {
            here.cancelTimer(timer);
          } else {
            begin(writer, begun++, period);
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

  private ShieldEngine engine(Vertx vertx) throws Exception {
    ShieldEngine engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions().setBackend(medium.backend()).putSetting("SHIELD_CACHE_DIR", "off"));
    engine.register(ROUTES.stream().map(RouteState::active).toList());
    get(engine.start());
    return engine;
  }

  private void begin(ShieldEngine writer, int number, long period) {
    asked.set(number, System.nanoTime());
    writer
        .routes()
        .disable(route(number), Actor.of("bench", "cli"), Integer.toString(number))
        .onSuccess(state -> note(acknowledged, number))
        .onFailure(over::tryFail);
    medium
        .here()
        .setTimer(
            Math.max(1, period / 2),
            timer -> {
              published.set(number, System.nanoTime());
              medium.send(message(number)).onFailure(over::tryFail);
              write(number);
            });
  }

  private void write(int number) {
    long from = System.nanoTime();
    Future<Void> write = medium.write("bare" + number, message(number));
    if (write != null) {
      writes = true;
      write
          .onSuccess(done -> written.set(number, System.nanoTime() - from))
          .onFailure(over::tryFail);
    }
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

  private void received(String text) {
    note(received, Integer.parseInt(text.substring(0, text.indexOf(' '))));
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

  /** One bare write into the store; null if it has none. */
  @Nullable Times write() {
    if (!writes) {
      return null;
    }
    long[] nanos = new long[total - WARM_UP];
    Arrays.setAll(nanos, i -> written.get(WARM_UP + i));
    return Times.of(nanos);
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
}
