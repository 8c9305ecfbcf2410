package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.internal.adoption.AdoptionEntries;
import io.shield.internal.adoption.ForeignStates;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
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
 * @param unreadable of what cannot be read, why
 */
record Adoption(
    @Nullable Change change, Map<DocumentKey, String> seen, Map<DocumentKey, String> unreadable) {
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
    Map<DocumentKey, String> unreadable = new LinkedHashMap<>();
    for (Row row : rows) {
      if (!row.isForeign()) {
        continue;
      }
      String text = row.text();
      seen.put(row.key(), text == null ? "-" : "=" + text);
      if (row.strangeType() != null) {
        unreadable.put(row.key(), "it is a " + row.strangeType() + ", must be a string");
      } else if (text != null) {
        try {
          edit(row, text, edits, audit, now);
        } catch (ShieldException e) {
          unreadable.put(row.key(), String.valueOf(e.getMessage()));
        }
      } else if (row.version() > 0) {
        missing(row, edits, audit, now);
      }
    }
    boolean none = edits.isEmpty();
    List<AuditEntry> told = first ? List.of() : audit;
    return new Adoption(
        none ? null : new Change(UUID.randomUUID().toString(), edits, told), seen, unreadable);
  }

  private static void edit(
      Row row, String text, List<Edit> edits, List<AuditEntry> audit, Instant now) {
    DocumentValue before = row.known();
    DocumentValue after = merged(row, before, text, now);
    edits.add(new Edit(row.key(), row.version(), after));
    AuditEntry entry = AdoptionEntries.of(row.key(), before, after, now);
    if (entry != null && !after.equals(before)) {
      audit.add(entry);
    }
  }

  private static DocumentValue merged(
      Row row, @Nullable DocumentValue before, String text, Instant now) {
    DocumentValue found = DocumentText.read(row.key(), text);
    if (!(found instanceof RouteState state)) {
      return ForeignStates.limit(before, found);
    }
    if (!(before instanceof RouteState known)) {
      return ForeignStates.merge(null, state, DocumentText.isPlain(row.key(), text), now);
    }
    boolean plain = DocumentText.isPlain(row.key(), text);
    boolean repeated = plain && state.status().wireName().equals(row.shownStatus());
    // Who repeats the effective status that was shown did not mean to ask for it.
    RouteState meant = repeated ? state.toBuilder().status(known.status()).build() : state;
    return ForeignStates.merge(known, meant, plain, now);
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
