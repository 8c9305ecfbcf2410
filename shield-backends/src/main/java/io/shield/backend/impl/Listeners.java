package io.shield.backend.impl;

import io.shield.model.store.Commit;
import io.shield.spi.CommitListener;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to hear of commits. Thread-safe; told on one event loop. */
public final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /** One subscription; nothing is told after its end. */
  private static final class Entry {
    final CommitListener listener;
    private boolean ended;

    Entry(CommitListener listener) {
      this.listener = listener;
    }

    synchronized void tell(Consumer<CommitListener> what) {
      if (ended) {
        return;
      }
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("a listener of commits failed; it hears of the next one all the same", e);
      }
    }

    synchronized void end() {
      ended = true;
    }
  }

  /** Adds one; it is told until the subscription is cancelled. */
  public Subscription add(CommitListener listener) {
    Entry entry = new Entry(listener);
    entries.add(entry);
    return () -> {
      entries.remove(entry);
      entry.end();
      return Future.succeededFuture();
    };
  }

  /** Whether nobody listens. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Tells everybody of a commit. */
  public void committed(Commit commit) {
    entries.forEach(entry -> entry.tell(listener -> listener.committed(commit)));
  }

  /** Tells everybody to look again. */
  public void outdated() {
    entries.forEach(entry -> entry.tell(CommitListener::outdated));
  }

  /** Forgets everybody. */
  public void clear() {
    entries.forEach(Entry::end);
    entries.clear();
  }
}
