package io.shield.impl;

import io.shield.model.AuditEntry;
import io.shield.model.DocumentKey;
import io.shield.model.Edit;
import java.util.List;

/**
 * What to write to reach what was asked for, given one snapshot.
 *
 * @param edits the edits; empty when nothing needs to be written
 * @param audit their audit entries
 * @param results the documents the caller asked about, in the caller's order
 */
record Plan(List<Edit> edits, List<AuditEntry> audit, List<DocumentKey> results) {
  boolean isEmpty() {
    return edits.isEmpty() && audit.isEmpty();
  }
}
