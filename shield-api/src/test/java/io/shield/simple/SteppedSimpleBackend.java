package io.shield.simple;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Calls wait until the test lets them happen, one by one. */
final class SteppedSimpleBackend extends HookedSimpleBackend {
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  SteppedSimpleBackend(SimpleBackend store) {
    super(store);
  }

  @Override
  <T> Future<T> through(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    waiting.add(() -> call.get().onComplete(promise));
    return promise.future();
  }

  /** Lets the next call happen; false if none waits. */
  boolean step() {
    Runnable next = waiting.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  void finish() {
    while (step()) {
      // The condition does it.
    }
  }
}
