package io.shield.admin.dashboard.impl;

import io.shield.ShieldChange;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What changed since the streams were told last. Confined to the feed's context. */
final class LiveBatch {
  private static final int MAX_ENTRIES = 50;

  private final Set<String> routes = new LinkedHashSet<>();
  private final List<AuditEntry> audit = new ArrayList<>();
  private boolean everyRoute;
  private boolean limits;
  private boolean maintenance;

  void add(ShieldChange change) {
    for (String route : change.routes()) {
      everyRoute |= change.before().state(route) == null || change.after().state(route) == null;
      routes.add(route);
    }
    maintenance |= changed(change, DocumentKind.MAINTENANCE);
    limits |= changed(change, DocumentKind.POLICY);
    everyRoute |= maintenance;
    audit.addAll(change.audit());
    while (audit.size() > MAX_ENTRIES) {
      audit.remove(0);
    }
  }

  private static boolean changed(ShieldChange change, DocumentKind kind) {
    return change.changed().stream().anyMatch(key -> key.kind() == kind);
  }

  /** The routes whose rows are to be shown anew. */
  Set<String> routes() {
    return routes;
  }

  /** Whether every row may be another, or there are such as no page has a row for. */
  boolean everyRoute() {
    return everyRoute;
  }

  boolean limits() {
    return limits;
  }

  boolean maintenance() {
    return maintenance;
  }

  /** What was logged, newest first. */
  List<AuditEntry> audit() {
    List<AuditEntry> newest = new ArrayList<>(audit);
    Collections.reverse(newest);
    return newest;
  }
}
