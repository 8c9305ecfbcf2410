package io.shield.impl;

import io.shield.Registration;
import io.shield.ShieldChange;
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

  private record Listener(@Nullable Context context, Handler<ShieldChange> handler) {
    void tell(ShieldChange change) {
      if (context == null) {
        call(change);
      } else {
        context.runOnContext(v -> call(change));
      }
    }

    private void call(ShieldChange change) {
      try {
        handler.handle(change);
      } catch (RuntimeException e) {
        LOG.error("A handler of changes failed; it will be called again at the next change", e);
      }
    }
  }

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  Registration add(Handler<ShieldChange> handler) {
    Listener listener = new Listener(Vertx.currentContext(), handler);
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void tell(ShieldChange change) {
    listeners.forEach(listener -> listener.tell(change));
  }

  void clear() {
    listeners.clear();
  }
}
