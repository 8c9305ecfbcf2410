package io.shield.backend.file.impl;

import io.shield.internal.AdoptionEntries;
import io.shield.internal.ForeignStates;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What has to change so that the store holds what somebody else wrote into the file. Nothing is
 * deleted: what the file lacks stays.
 *
 * @param change the difference, or null if there is none
 * @param missing the documents that the file lacks
 */
record Adoption(@Nullable Change change, List<DocumentKey> missing) {
  /**
   * Compares a file's content with what the store holds.
   *
   * @param auditLimit how many audit entries the store keeps
   */
  static Adoption of(Image base, Content content, Instant now, int auditLimit) {
    List<Edit> edits = new ArrayList<>();
    List<AuditEntry> audit = new ArrayList<>(newEntries(base, content, auditLimit));
    content
        .values()
        .forEach(
            (key, given) -> {
              DocumentValue before = base.snapshot().value(key);
              DocumentValue after = merged(before, given, content, now);
              if (!Image.digest(after).equals(base.digests().get(key))) {
                edits.add(new Edit(key, base.snapshot().version(key), after));
                audit.add(Objects.requireNonNull(AdoptionEntries.of(key, before, after, now)));
              }
            });
    Set<DocumentKey> missing = new LinkedHashSet<>(base.digests().keySet());
    missing.removeAll(content.values().keySet());
    missing.removeIf(key -> key.kind() == DocumentKind.DOCUMENT);
    boolean same = edits.isEmpty() && audit.isEmpty();
    return new Adoption(
        same ? null : new Change(UUID.randomUUID().toString(), edits, audit), List.copyOf(missing));
  }

  /** Entries that others logged; not those that were known once and dropped for their age. */
  private static List<AuditEntry> newEntries(Image base, Content content, int auditLimit) {
    Set<String> known = new HashSet<>();
    base.audit().forEach(logged -> known.add(logged.entry().id()));
    boolean full = base.audit().size() >= auditLimit;
    Instant oldest = full ? base.audit().get(0).entry().timestamp() : Instant.MIN;
    return content.audit().stream()
        .map(Logged::entry)
        .filter(entry -> !entry.timestamp().isBefore(oldest) && known.add(entry.id()))
        .toList();
  }

  private static DocumentValue merged(
      @Nullable DocumentValue before, DocumentValue given, Content content, Instant now) {
    if (!(given instanceof RouteState state)) {
      return given;
    }
    return ForeignStates.merge(
        before instanceof RouteState known ? known : null,
        state,
        content.plainStates().contains(state.path()),
        now);
  }
}
