package io.shield.impl;

import io.shield.Registration;
import io.shield.internal.EngineInternals.AppliedChange;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to hear of changes. Thread-safe. */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** One handler with its context; a handler added twice is two listeners. */
  private final class Listener implements Registration {
    private final @Nullable Context context = Vertx.currentContext();
    private final Handler<AppliedChange> handler;
    private volatile boolean closed;

    Listener(Handler<AppliedChange> handler) {
      this.handler = handler;
    }

    void tell(AppliedChange change) {
      if (context == null) {
        call(change);
      } else {
        context.runOnContext(v -> call(change));
      }
    }

    private void call(AppliedChange change) {
      if (closed) {
        return;
      }
      try {
        handler.handle(change);
      } catch (RuntimeException | Error e) {
        LOG.error("A handler of changes failed; it will be called again at the next change", e);
      }
    }

    @Override
    public void close() {
      closed = true;
      listeners.remove(this);
    }
  }

  Registration add(Handler<AppliedChange> handler) {
    Listener listener = new Listener(handler);
    listeners.add(listener);
    return listener;
  }

  void tell(AppliedChange change) {
    listeners.forEach(listener -> listener.tell(change));
  }

  /** Tells nobody any more. */
  void clear() {
    listeners.forEach(Listener::close);
  }
}
