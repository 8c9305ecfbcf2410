package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.internal.EngineInternals.AppliedChange;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Commit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change that streams tell.
 *
 * @param commit the commit that brought it, or null if that is not known
 */
record Applied(ShieldChange change, @Nullable Commit commit) {
  static Applied of(AppliedChange applied) {
    Commit commit = applied.commit();
    List<AuditEntry> audit = commit == null ? List.of() : commit.change().audit();
    return new Applied(
        new ShieldChange(
            applied.before(), applied.after(), applied.changed(), applied.routes(), audit),
        commit);
  }
}
