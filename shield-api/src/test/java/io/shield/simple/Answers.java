package io.shield.simple;

import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;

/** Answers of stores in memory, which are there at once. */
final class Answers {
  private Answers() {}

  static <T> T now(Future<T> future) {
    if (!future.isComplete()) {
      throw new AssertionError("no answer yet");
    }
    if (future.failed()) {
      throw new AssertionError("failed", future.cause());
    }
    return future.result();
  }

  static Commit accepted(ShieldBackend backend, Change change) {
    return ((CommitResult.Accepted) now(backend.commit(change))).commit();
  }
}
