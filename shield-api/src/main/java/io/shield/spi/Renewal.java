package io.shield.spi;

import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants of a store that is not what the nodes knew: a new epoch.
 *
 * @param parent the head this node holds; the new epoch descends from its epoch
 * @param found the head the store was found at, {@link Head#NONE} if it has none
 * @param content what the store shall hold from now on, or null to keep what it holds
 * @param entry says in the audit log who did it
 */
public record Renewal(Head parent, Head found, @Nullable Snapshot content, AuditEntry entry) {
  public Renewal {
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(entry, "entry");
  }
}
