package io.shield.backend.cluster.impl;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Does one thing after the other, each when the one before is done, on one event loop. */
final class Turns {
  private final Context context;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;

  Turns(Context context) {
    this.context = context;
  }

  /** Does something when its turn comes. May be called from any thread. */
  <T> Future<T> add(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        v -> {
          waiting.add(() -> start(work, done));
          if (!busy) {
            next();
          }
        });
    return done.future();
  }

  private <T> void start(Supplier<Future<T>> work, Promise<T> done) {
    Future<T> result;
    try {
      result = work.get();
    } catch (RuntimeException e) {
      result = Future.failedFuture(e);
    }
    result.onComplete(
        answer -> {
          if (answer.succeeded()) {
            done.complete(answer.result());
          } else {
            done.fail(answer.cause());
          }
          // Not at once: a long queue is no deep stack.
          context.runOnContext(v -> next());
        });
  }

  private void next() {
    Runnable first = waiting.poll();
    busy = first != null;
    if (first != null) {
      first.run();
    }
  }
}
