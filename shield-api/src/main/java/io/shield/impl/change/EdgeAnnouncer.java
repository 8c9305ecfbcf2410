package io.shield.impl.change;

import io.shield.ShieldChange;
import io.shield.decision.EffectiveStatus;
import io.shield.impl.replica.Replica;
import io.shield.impl.replica.Replica.Observer;
import io.shield.model.RouteState;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Snapshot;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the moments at which windows and {@code until} change an effective status. Nothing
 * depends on it for enforcement.
 */
public final class EdgeAnnouncer implements Observer {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeAnnouncer.class);

  /** The clock is read no later than this, because it may be set or the machine may sleep. */
  private static final long MAX_WAIT_MILLIS = 100;

  private static final long RETRY_MILLIS = 500;

  private final ContextInternal context;
  private final Replica replica;
  private final Committer committer;
  private final InstantSource clock;
  private final Set<String> timed = new HashSet<>();
  private final Set<String> announcing = new HashSet<>();

  /** The earliest edge to come, or null if there is none. */
  private @Nullable Instant next;

  private boolean waiting;
  private boolean closed;

  public EdgeAnnouncer(
      ContextInternal context, Replica replica, Committer committer, InstantSource clock) {
    this.context = context;
    this.replica = replica;
    this.committer = committer;
    this.clock = clock;
  }

  /** Looks anew at the states that differ. */
  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    List<String> keys =
        change.changed().stream()
            .filter(key -> key.kind() == DocumentKind.STATE)
            .map(DocumentKey::key)
            .toList();
    lookAt(change.after(), keys);
  }

  private void lookAt(Snapshot snapshot, Collection<String> keys) {
    for (String key : keys) {
      RouteState state = snapshot.state(key);
      if (state != null && (state.until() != null || state.window() != null)) {
        timed.add(key);
        check(snapshot, state);
      } else {
        timed.remove(key);
      }
    }
    waitForNext();
  }

  /** Announces what is due, or notes when something will be. */
  private void check(Snapshot snapshot, RouteState state) {
    Instant now = clock.instant();
    if (!EdgePlanner.due(snapshot, state, now).isEmpty()) {
      announce(state.path());
      return;
    }
    EffectiveStatus.Edge edge = EffectiveStatus.nextEdge(state, now);
    if (edge != null && (next == null || edge.at().isBefore(next))) {
      next = edge.at();
    }
  }

  private void waitForNext() {
    if (closed || waiting || next == null) {
      return;
    }
    waiting = true;
    long left = Duration.between(clock.instant(), next).toMillis() + 1;
    context.setTimer(
        Math.max(1, Math.min(left, MAX_WAIT_MILLIS)),
        timer -> {
          waiting = false;
          lookIfDue();
        });
  }

  private void lookIfDue() {
    if (next != null && !next.isAfter(clock.instant())) {
      next = null;
      lookAt(replica.snapshot(), List.copyOf(timed));
    } else {
      waitForNext();
    }
  }

  private void announce(String key) {
    if (closed || !announcing.add(key)) {
      return;
    }
    committer
        .submit(new EdgePlanner(key, clock))
        .onSuccess(done -> lookAgain(key))
        .onFailure(
            failure -> {
              LOG.debug("Edge of {} not announced yet", key, failure);
              context.setTimer(RETRY_MILLIS, timer -> lookAgain(key));
            });
  }

  private void lookAgain(String key) {
    announcing.remove(key);
    if (!closed) {
      lookAt(replica.snapshot(), List.of(key));
    }
  }

  public void close() {
    closed = true;
  }
}
