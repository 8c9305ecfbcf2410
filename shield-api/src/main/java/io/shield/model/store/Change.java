package io.shield.model.store;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import io.shield.model.audit.AuditEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one caller wants written at once: all of it or nothing.
 *
 * @param requestId makes it idempotent: the same id commits at most once
 * @param edits at most one per document
 * @param audit the audit entries the edits bring
 */
public record Change(String requestId, List<Edit> edits, List<AuditEntry> audit) {
  public Change {
    Checks.nonEmptyLine("request_id", requestId, 100);
    edits = List.copyOf(edits);
    audit = List.copyOf(audit);
    if (edits.isEmpty() && audit.isEmpty()) {
      throw new InvalidValueException("edits", "[]", "at least one edit or audit entry");
    }
    Set<DocumentKey> keys = new HashSet<>();
    for (Edit edit : edits) {
      if (!keys.add(edit.key())) {
        throw new InvalidValueException("edits", edit.key(), "edited once");
      }
    }
  }

  /** The documents it edits. */
  public Set<DocumentKey> keys() {
    Set<DocumentKey> keys = new HashSet<>();
    edits.forEach(edit -> keys.add(edit.key()));
    return keys;
  }
}
