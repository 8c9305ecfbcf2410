package io.shield.simple.impl;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;

/** Takes asynchronous steps one after the other, however many, without growing the stack. */
final class InOrder {
  private InOrder() {}

  /** Succeeds after the last step; fails with the first that fails, and takes no further one. */
  static <T> Future<Void> each(Iterable<T> items, Function<T, Future<Void>> step) {
    Promise<Void> done = Promise.promise();
    next(items.iterator(), step, done);
    return done.future();
  }

  private static <T> void next(
      Iterator<T> items, Function<T, Future<Void>> step, Promise<Void> done) {
    while (items.hasNext()) {
      Future<Void> taken = step.apply(items.next());
      if (!taken.isComplete()) {
        taken.onSuccess(v -> next(items, step, done)).onFailure(done::fail);
        return;
      }
      if (taken.failed()) {
        done.fail(taken.cause());
        return;
      }
    }
    done.complete();
  }
}
