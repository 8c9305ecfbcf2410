package io.shield.impl;

import io.shield.ShieldChange;
import io.shield.ShieldEngine.Registration;
import io.shield.impl.replica.Replica.Observer;
import io.shield.model.store.Commit;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to hear of changes. Thread-safe. */
final class Listeners implements Observer {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /**
   * What came into force.
   *
   * @param commit the commit that brought it, or null if that is not known
   */
  record Applied(ShieldChange change, @Nullable Commit commit) {}

  /** One handler with its context; a handler added twice is two listeners. */
  private final class Listener implements Registration {
    private final @Nullable Context context = Vertx.currentContext();
    private final Object holder;
    private final Handler<Applied> handler;
    private volatile boolean closed;

    Listener(Object holder, Handler<Applied> handler) {
      this.holder = holder;
      this.handler = handler;
    }

    void tell(Applied change) {
      if (context == null) {
        call(change);
        return;
      }
      try {
        context.runOnContext(v -> call(change));
      } catch (RejectedExecutionException e) {
        LOG.warn("A handler of changes is called no more: the context it belongs to has ended");
        close();
      }
    }

    private void call(Applied change) {
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

  /**
   * Adds a handler, to be called on the context of the caller.
   *
   * @param holder whose handler it is, see {@link #release}
   */
  Registration add(Object holder, Handler<Applied> handler) {
    Listener listener = new Listener(holder, handler);
    listeners.add(listener);
    return listener;
  }

  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    Applied applied = new Applied(change, commit);
    listeners.forEach(listener -> listener.tell(applied));
  }

  /** Tells a holder nothing any more. */
  void release(Object holder) {
    listeners.stream().filter(listener -> listener.holder == holder).forEach(Listener::close);
  }

  /** Tells nobody any more. */
  void clear() {
    listeners.forEach(Listener::close);
  }
}
