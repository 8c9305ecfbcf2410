package io.shield.impl.change;

import io.shield.decision.EffectiveStatus;
import io.shield.error.InvalidValueException;
import io.shield.impl.change.Plan.Planner;
import io.shield.internal.ReservedStates.EdgeDocuments;
import io.shield.json.Times;
import io.shield.model.MaintenanceWindow;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans the announcement of one route's edges that are due. The last announced edge of a route is
 * the document {@code edge:{key}}, written in the commit that carries the audit entry, so that of
 * many nodes one announces, however late.
 */
record EdgePlanner(String route, InstantSource clock) implements Planner {
  private static final Logger LOG = LoggerFactory.getLogger(EdgePlanner.class);

  /** The edges that passed and were not announced; those before the state was set never are. */
  static List<EffectiveStatus.Edge> due(Snapshot snapshot, RouteState state, Instant now) {
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

  private static @Nullable Instant announced(Snapshot snapshot, String route) {
    String name = EdgeDocuments.of(route).key();
    Versioned<OpaqueDocument> document = snapshot.documents().get(name);
    if (document == null) {
      return null;
    }
    try {
      return Times.parse(name, document.value().content());
    } catch (InvalidValueException e) {
      LOG.warn("The document {} is not a time and is written anew", name);
      return null;
    }
  }

  @Override
  public Plan plan(Snapshot snapshot) {
    RouteState state = snapshot.state(route);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<EffectiveStatus.Edge> due = state == null ? List.of() : due(snapshot, state, now);
    if (state == null || due.isEmpty()) {
      return Plan.NOTHING;
    }
    DocumentKey document = EdgeDocuments.of(route);
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
            now.truncatedTo(ChronoUnit.MILLIS))
        .withEffective(edge.previous(), edge.next());
  }

  private static String reason(RouteState state, EffectiveStatus.Edge edge) {
    MaintenanceWindow window = state.windowAt(edge.at());
    return window != null && edge.next() == RouteStatus.MAINTENANCE ? window.reason() : "";
  }
}
