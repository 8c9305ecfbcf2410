package io.shield.simple;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Fails at one call, counted from 0: once, or from then on as after a crash of the process. */
final class FailingSimpleBackend extends HookedSimpleBackend {
  /** How it fails. */
  enum Failure {
    /** The process dies before the call takes effect. */
    CRASH_BEFORE(false, true),
    /** The process dies after the call took effect. */
    CRASH_AFTER(true, true),
    /** The call fails and has no effect; later ones work. */
    FAIL_BEFORE(false, false),
    /** The call has its effect and is reported as failed; later ones work. */
    FAIL_AFTER(true, false);

    private final boolean takesEffect;
    private final boolean lasting;

    Failure(boolean takesEffect, boolean lasting) {
      this.takesEffect = takesEffect;
      this.lasting = lasting;
    }

    /** Whether the process is dead afterwards. */
    boolean isCrash() {
      return lasting;
    }
  }

  private final Failure failure;
  private final int failAt;
  private int calls;
  private boolean failed;

  FailingSimpleBackend(SimpleBackend store, int failAt, Failure failure) {
    super(store);
    this.failAt = failAt;
    this.failure = failure;
  }

  /** Whether the call to fail at was reached. */
  boolean hasFailed() {
    return failed;
  }

  @Override
  <T> Future<T> through(Supplier<Future<T>> call) {
    if (failed && failure.isCrash()) {
      return broken();
    }
    if (calls++ != failAt) {
      return call.get();
    }
    failed = true;
    return failure.takesEffect ? call.get().compose(value -> broken()) : broken();
  }

  private static <T> Future<T> broken() {
    return Future.failedFuture(new IllegalStateException("broken on purpose"));
  }
}
