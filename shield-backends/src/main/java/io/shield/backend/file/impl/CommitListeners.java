package io.shield.backend.file.impl;

import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.spi.CommitListener;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to hear of commits. Thread-safe. */
final class CommitListeners implements FileStore.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(CommitListeners.class);

  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  Subscription add(CommitListener listener) {
    Subscriber subscriber = new Subscriber(listener);
    subscribers.add(subscriber);
    return () -> {
      subscribers.remove(subscriber);
      subscriber.end();
      return Future.succeededFuture();
    };
  }

  boolean isEmpty() {
    return subscribers.isEmpty();
  }

  void clear() {
    subscribers.clear();
  }

  @Override
  public void moved(Head before, List<Commit> commits) {
    boolean followsOn =
        !commits.isEmpty()
            && commits.get(0).predecessor().equals(before.commitId())
            && commits.get(0).head().epoch().equals(before.epoch());
    for (Subscriber subscriber : subscribers) {
      if (followsOn) {
        commits.forEach(commit -> subscriber.tell(() -> subscriber.listener.committed(commit)));
      } else {
        subscriber.tell(subscriber.listener::outdated);
      }
    }
  }

  /** One subscription. A listener that throws harms neither itself nor others. */
  private static final class Subscriber {
    final CommitListener listener;
    private boolean ended;

    Subscriber(CommitListener listener) {
      this.listener = listener;
    }

    synchronized void tell(Runnable call) {
      try {
        if (!ended) {
          call.run();
        }
      } catch (RuntimeException e) {
        LOG.error("a listener of commits failed; it hears of the next one all the same", e);
      }
    }

    synchronized void end() {
      ended = true;
    }
  }
}
