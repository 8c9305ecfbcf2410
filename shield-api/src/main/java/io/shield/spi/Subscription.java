package io.shield.spi;

import io.vertx.core.Future;

/** A running subscription to commits. */
public interface Subscription {
  /** Ends it. Nothing is told after the future succeeded. Idempotent. */
  Future<Void> cancel();
}
