package io.shield.backend.redis.impl;

import io.shield.internal.AdoptionEntries;
import io.shield.internal.ForeignStates;
import io.shield.model.AuditEntry;
import io.shield.model.Change;
import io.shield.model.DocumentKey;
import io.shield.model.DocumentValue;
import io.shield.model.Edit;
import io.shield.model.RouteState;
import io.shield.model.ShieldException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to change so that the store holds, as a commit, what somebody else wrote into it. What
 * cannot be read is left where it is. What is lost though the index names it is put back.
 *
 * @param change the difference, or null if there is none
 * @param seen what was found under each document's key, as the commit script wants it
 */
record Adoption(@Nullable Change change, Map<DocumentKey, String> seen) {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  /**
   * Compares what was found with what Shield wrote.
   *
   * @param first whether the store is taken over as a whole, which the audit log does not tell of
   */
  static Adoption of(List<Row> rows, boolean first, Instant now) {
    List<Edit> edits = new ArrayList<>();
    List<AuditEntry> audit = new ArrayList<>();
    Map<DocumentKey, String> seen = new LinkedHashMap<>();
    for (Row row : rows) {
      if (!row.isForeign()) {
        continue;
      }
      String text = row.text();
      seen.put(row.key(), text == null ? "-" : "=" + text);
      if (text != null) {
        edit(row, text, edits, audit, now);
      } else if (row.version() > 0) {
        missing(row, edits, audit, now);
      }
    }
    boolean none = edits.isEmpty();
    List<AuditEntry> told = first ? List.of() : audit;
    return new Adoption(none ? null : new Change(UUID.randomUUID().toString(), edits, told), seen);
  }

  private static void edit(
      Row row, String text, List<Edit> edits, List<AuditEntry> audit, Instant now) {
    DocumentValue before = row.known();
    DocumentValue after;
    try {
      after = merged(row.key(), before, text, now);
    } catch (ShieldException e) {
      LOG.error(
          "What others wrote under '{}' cannot be read and is not enforced: {}",
          row.key(),
          e.getMessage());
      return;
    }
    edits.add(new Edit(row.key(), row.version(), after));
    AuditEntry entry = AdoptionEntries.of(row.key(), before, after, now);
    if (entry != null && !after.equals(before)) {
      audit.add(entry);
    }
  }

  private static DocumentValue merged(
      DocumentKey key, @Nullable DocumentValue before, String text, Instant now) {
    DocumentValue found = DocumentText.read(key, text);
    if (!(found instanceof RouteState state)) {
      return found;
    }
    RouteState known = before instanceof RouteState route ? route : null;
    return ForeignStates.merge(known, state, DocumentText.isPlain(key, text), now);
  }

  private static void missing(Row row, List<Edit> edits, List<AuditEntry> audit, Instant now) {
    DocumentValue before = row.known();
    if (before == null) {
      return;
    }
    if (row.indexed()) {
      LOG.error("The value of '{}' was lost in Redis and is put back", row.key());
      edits.add(new Edit(row.key(), row.version(), before));
      return;
    }
    edits.add(new Edit(row.key(), row.version(), null));
    AuditEntry entry = AdoptionEntries.ofDeletion(row.key(), before, now);
    if (entry != null) {
      audit.add(entry);
    }
  }
}
