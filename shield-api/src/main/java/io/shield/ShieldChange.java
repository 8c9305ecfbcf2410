package io.shield;

import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A change in force on this node.
 *
 * @param before what was in force
 * @param after what is in force now
 * @param changed the documents that differ
 * @param routes the route keys concerned, those included whose status a window's edge changed
 * @param audit the audit entries it brought; empty after a reload, which cannot tell them
 */
public record ShieldChange(
    Snapshot before,
    Snapshot after,
    Set<DocumentKey> changed,
    Set<String> routes,
    List<AuditEntry> audit) {
  public ShieldChange {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    changed = Set.copyOf(changed);
    routes = Set.copyOf(routes);
    audit = List.copyOf(audit);
  }
}
