package io.shield.simple.impl;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Runs asynchronous operations one after the other, in the order they came. What one wrote to
 * memory the next one sees. Thread-safe.
 */
final class SerialQueue {
  private interface Operation {
    /** Starts it; the future succeeds when it is over, however it went. */
    Future<?> start();
  }

  private final Deque<Operation> waiting = new ArrayDeque<>();
  private boolean running;

  <T> Future<T> run(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Operation operation =
        () -> {
          Future<T> result = started(work);
          result.onComplete(promise);
          return result;
        };
    synchronized (this) {
      waiting.add(operation);
      if (running) {
        return promise.future();
      }
      running = true;
    }
    drain();
    return promise.future();
  }

  private static <T> Future<T> started(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** A loop, so that operations that complete at once do not pile up on the stack. */
  private void drain() {
    while (true) {
      Operation next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          running = false;
          return;
        }
      }
      Future<?> over = next.start();
      if (!over.isComplete()) {
        over.onComplete(result -> drain());
        return;
      }
    }
  }
}
