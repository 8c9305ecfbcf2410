package io.shield.impl;

import io.shield.decision.EffectiveStatus;
import io.shield.json.Times;
import io.shield.model.Actor;
import io.shield.model.AuditAction;
import io.shield.model.AuditEntry;
import io.shield.model.DocumentKey;
import io.shield.model.DocumentKind;
import io.shield.model.Edit;
import io.shield.model.InvalidValueException;
import io.shield.model.MaintenanceWindow;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.Snapshot;
import io.shield.model.Versioned;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the moments at which windows and {@code until} change an effective status. Nothing
 * depends on it for enforcement. The last announced edge of a route is the document {@code
 * edge:{key}}, written in the commit that carries the audit entry, so that of many nodes one
 * announces, however late.
 */
final class EdgeAnnouncer {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeAnnouncer.class);
  private static final String PREFIX = "edge:";

  /** Looked at no later than this, because a clock may be set or a machine may sleep. */
  private static final long MAX_WAIT_MILLIS = 500;

  private final ContextInternal context;
  private final Replica replica;
  private final Committer committer;
  private final InstantSource clock;
  private final Set<String> timed = new HashSet<>();
  private final Set<String> announcing = new HashSet<>();
  private boolean waiting;
  private boolean closed;

  EdgeAnnouncer(
      ContextInternal context, Replica replica, Committer committer, InstantSource clock) {
    this.context = context;
    this.replica = replica;
    this.committer = committer;
    this.clock = clock;
  }

  /** The route whose edge a document records, or null if it records none. */
  static @Nullable String routeOf(DocumentKey key) {
    return key.kind() == DocumentKind.DOCUMENT && key.key().startsWith(PREFIX)
        ? key.key().substring(PREFIX.length())
        : null;
  }

  /** Looks at all states anew. */
  void replaced(Snapshot snapshot) {
    timed.clear();
    look(snapshot, snapshot.states().keySet());
  }

  /** Looks at some states anew. */
  void look(Snapshot snapshot, Collection<String> keys) {
    for (String key : keys) {
      RouteState state = snapshot.state(key);
      if (state != null && (state.until() != null || state.window() != null)) {
        timed.add(key);
      } else {
        timed.remove(key);
      }
    }
    check();
  }

  /** Announces what is due, and waits for what is to come. */
  private void check() {
    if (closed || waiting) {
      return;
    }
    Snapshot snapshot = replica.snapshot();
    Instant now = clock.instant();
    boolean pending = false;
    for (String key : List.copyOf(timed)) {
      RouteState state = snapshot.state(key);
      if (state == null) {
        continue;
      }
      if (!due(snapshot, state, now).isEmpty()) {
        announce(key);
        pending = true;
      } else if (EffectiveStatus.nextEdge(state, now) != null) {
        pending = true;
      }
    }
    if (pending) {
      waitFor(nextWait(snapshot, now));
    }
  }

  private long nextWait(Snapshot snapshot, Instant now) {
    long wait = MAX_WAIT_MILLIS;
    for (String key : timed) {
      RouteState state = snapshot.state(key);
      EffectiveStatus.Edge edge = state == null ? null : EffectiveStatus.nextEdge(state, now);
      if (edge != null && edge.at().isBefore(now.plusMillis(wait))) {
        wait = Math.max(1, edge.at().toEpochMilli() - now.toEpochMilli() + 1);
      }
    }
    return wait;
  }

  private void waitFor(long millis) {
    waiting = true;
    context.setTimer(
        millis,
        timer -> {
          waiting = false;
          check();
        });
  }

  /** The edges that passed and were not announced; those before the state was set never are. */
  private static List<EffectiveStatus.Edge> due(Snapshot snapshot, RouteState state, Instant now) {
    Instant announced = announced(snapshot, state.path());
    Instant since = state.since();
    List<EffectiveStatus.Edge> due = new ArrayList<>();
    for (EffectiveStatus.Edge edge : EffectiveStatus.edges(state)) {
      boolean passed = !edge.at().isAfter(now);
      boolean news = announced == null || edge.at().isAfter(announced);
      boolean own = since == null || edge.at().isAfter(since);
      if (passed && news && own) {
        due.add(edge);
      }
    }
    return due;
  }

  private static @Nullable Instant announced(Snapshot snapshot, String key) {
    Versioned<OpaqueDocument> document = snapshot.documents().get(PREFIX + key);
    if (document == null) {
      return null;
    }
    try {
      return Times.parse(PREFIX + key, document.value().content());
    } catch (InvalidValueException e) {
      LOG.warn("The document {}{} is not a time and is written anew", PREFIX, key);
      return null;
    }
  }

  private void announce(String key) {
    if (!announcing.add(key)) {
      return;
    }
    committer
        .submit(snapshot -> plan(snapshot, key))
        .onFailure(failure -> LOG.debug("Edge of {} not announced yet", key, failure))
        .onComplete(result -> announcing.remove(key));
  }

  private Plan plan(Snapshot snapshot, String key) {
    RouteState state = snapshot.state(key);
    Instant now = clock.instant();
    List<EffectiveStatus.Edge> due = state == null ? List.of() : due(snapshot, state, now);
    if (state == null || due.isEmpty()) {
      return new Plan(List.of(), List.of(), List.of());
    }
    DocumentKey document = DocumentKey.document(PREFIX + key);
    Instant last = due.get(due.size() - 1).at();
    Edit edit = new Edit(document, snapshot.version(document), new OpaqueDocument(last.toString()));
    List<AuditEntry> audit = due.stream().map(edge -> entry(state, edge, now)).toList();
    return new Plan(List.of(edit), audit, List.of());
  }

  private static AuditEntry entry(RouteState state, EffectiveStatus.Edge edge, Instant now) {
    return Audits.entry(
        state.path(),
        Audits.serviceOf(state),
        AuditAction.ofStatusChange(edge.previous(), edge.next()),
        reason(state, edge),
        Actor.SCHEDULER,
        edge.previous(),
        edge.next(),
        List.of(),
        now);
  }

  private static String reason(RouteState state, EffectiveStatus.Edge edge) {
    MaintenanceWindow window = state.window();
    return window != null && edge.next() == RouteStatus.MAINTENANCE ? window.reason() : "";
  }

  void close() {
    closed = true;
  }
}
