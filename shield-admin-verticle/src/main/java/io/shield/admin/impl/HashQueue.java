package io.shield.admin.impl;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;

/**
 * Hashes passwords on workers, a few at a time, so that a flood of sign-ins neither stops the event
 * loop nor takes all workers. Thread-safe.
 */
final class HashQueue {
  private static final int MAX_RUNNING = 2;
  private static final int MAX_WAITING = 64;

  private record Waiting<T>(Callable<T> work, Promise<T> promise) {}

  private final Vertx vertx;
  private final Queue<Waiting<?>> waiting = new ArrayDeque<>();
  private int running;

  HashQueue(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Does the work soon; refused when too much waits already. */
  <T> Future<T> run(Callable<T> work) {
    Promise<T> promise = Promise.promise();
    Waiting<T> next = new Waiting<>(work, promise);
    synchronized (this) {
      if (running >= MAX_RUNNING) {
        if (waiting.size() >= MAX_WAITING) {
          return Future.failedFuture(
              RefusedException.tooMany("too many sign-ins at once", Duration.ofSeconds(1)));
        }
        waiting.add(next);
        return promise.future();
      }
      running++;
    }
    begin(next);
    return promise.future();
  }

  private <T> void begin(Waiting<T> next) {
    vertx
        .executeBlocking(next.work, false)
        .onComplete(
            result -> {
              beginNext();
              if (result.succeeded()) {
                next.promise.complete(result.result());
              } else {
                next.promise.fail(result.cause());
              }
            });
  }

  private void beginNext() {
    Waiting<?> next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        running--;
        return;
      }
    }
    begin(next);
  }
}
