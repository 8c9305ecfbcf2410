package io.shield.impl.change;

import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.util.List;

/** What has to be written in the same commit as a change, so that it is told to others. */
@FunctionalInterface
public interface Outbox {
  /** The edits that keep the news of a change until they were told; none if nobody is told. */
  List<Edit> news(Snapshot snapshot, List<Edit> edits, List<AuditEntry> audit);
}
