package io.shield.backend.file.impl;

import io.shield.spi.ChangeRefusedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that a store has for itself. A worker executor of Vert.x would not do: a Vert.x that
 * closes closes its executors while it closes the engine, interrupts what they are writing, and
 * drops what waits for them without a word. Thread-safe.
 */
final class StoreThread {
  private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);

  private final VertxInternal vertx;
  private final ExecutorService executor;

  StoreThread(Vertx vertx, String name) {
    this.vertx = (VertxInternal) vertx;
    this.executor =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Does something after all that was handed in before; completes on the caller's context. */
  <T extends @Nullable Object> Future<T> run(Callable<T> work) {
    Promise<T> done = promise();
    try {
      executor.execute(() -> settle(done, outcome(work)));
    } catch (RejectedExecutionException ended) {
      return Future.failedFuture(
          new ChangeRefusedException("the file backend was shut down", ended));
    }
    return done.future();
  }

  /** A promise that completes on the caller's context. */
  <T extends @Nullable Object> Promise<T> promise() {
    return vertx.getOrCreateContext().promise();
  }

  private static <T extends @Nullable Object> Future<T> outcome(Callable<T> work) {
    try {
      return Future.succeededFuture(work.call());
    } catch (Exception | Error e) {
      return Future.failedFuture(e);
    }
  }

  /** Completes a promise as {@code outcome} is. */
  static <T extends @Nullable Object> void settle(Promise<T> done, Future<T> outcome) {
    try {
      outcome.onComplete(done);
    } catch (RejectedExecutionException closed) {
      LOG.debug("Nobody is told of {}: Vert.x is closed", outcome);
    }
  }

  /** Ends the thread after all that was handed in before. */
  void close() {
    executor.shutdown();
  }
}
