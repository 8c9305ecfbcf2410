package io.shield.impl;

import io.shield.error.ShieldException;
import io.shield.impl.replica.EngineClosed;
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
  private boolean started;
  private @Nullable Future<Void> closing;

  SharedEngine(EngineCore core, @Nullable ShieldException badConfiguration) {
    this.core = core;
    this.badConfiguration = badConfiguration;
    vertx().addCloseHook(this);
  }

  EngineCore core() {
    return core;
  }

  Future<Void> start() {
    ShieldException problem = mayStart();
    if (problem != null) {
      return core.onEngine(() -> Future.failedFuture(problem));
    }
    return core.start()
        .map(
            v -> {
              publish();
              return (Void) null;
            })
        .recover(failure -> closeNow().transform(closed -> Future.failedFuture(failure)));
  }

  private synchronized @Nullable ShieldException mayStart() {
    if (closing != null) {
      return EngineClosed.failure();
    }
    if (started) {
      return new ShieldException("the engine is already started");
    }
    started = true;
    return badConfiguration;
  }

  private synchronized void publish() {
    if (closing != null) {
      throw EngineClosed.failure();
    }
    Engines.publish(this);
  }

  private VertxInternal vertx() {
    return (VertxInternal) core.vertx();
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
    return core.onCaller(closeNow());
  }

  /** Succeeds when the engine is closed, at once if others hold it open. */
  Future<Void> closed() {
    Future<Void> known;
    synchronized (this) {
      known = closing;
    }
    return known == null ? Future.succeededFuture() : core.onCaller(known);
  }

  private synchronized Future<Void> closeNow() {
    if (closing == null) {
      handles = 0;
      vertx().removeCloseHook(this);
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
