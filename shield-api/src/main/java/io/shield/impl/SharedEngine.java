package io.shield.impl;

import io.shield.model.ShieldException;
import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import org.jspecify.annotations.Nullable;

/** An engine with the number of handles that hold it open. Thread-safe. */
final class SharedEngine implements Closeable {
  private final EngineCore core;
  private final @Nullable ShieldException badConfiguration;
  private int handles = 1;
  private @Nullable Future<Void> closing;

  SharedEngine(EngineCore core, @Nullable ShieldException badConfiguration) {
    this.core = core;
    this.badConfiguration = badConfiguration;
  }

  EngineCore core() {
    return core;
  }

  Future<Void> start() {
    VertxInternal vertx = (VertxInternal) core.vertx();
    if (badConfiguration != null) {
      return vertx.getOrCreateContext().failedFuture(badConfiguration);
    }
    return core.start()
        .compose(
            v -> {
              Engines.publish(this);
              vertx.addCloseHook(this);
              return Future.<Void>succeededFuture();
            })
        .recover(failure -> core.close().transform(closed -> Future.failedFuture(failure)));
  }

  /** Adds a handle; false if the engine is closed already. */
  synchronized boolean retain() {
    if (handles == 0) {
      return false;
    }
    handles++;
    return true;
  }

  /** Takes a handle away; the last one closes the engine. */
  Future<Void> release() {
    synchronized (this) {
      if (handles > 0) {
        handles--;
      }
      if (handles > 0) {
        return Future.succeededFuture();
      }
    }
    return closeNow();
  }

  private synchronized Future<Void> closeNow() {
    if (closing == null) {
      handles = 0;
      Engines.withdraw(this);
      closing = core.close();
    }
    return closing;
  }

  /** Vert.x itself is closing. */
  @Override
  public void close(Completable<Void> completion) {
    closeNow().onComplete(completion);
  }
}
