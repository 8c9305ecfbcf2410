package io.shield.backend.file.impl;

import io.shield.internal.AdoptionEntries;
import io.shield.model.AuditEntry;
import io.shield.model.Change;
import io.shield.model.DocumentKey;
import io.shield.model.DocumentKind;
import io.shield.model.DocumentValue;
import io.shield.model.Edit;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
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
    RouteState known = before instanceof RouteState found ? found : null;
    RouteState next =
        known != null && content.plainStates().contains(state.path())
            ? withFieldsOf(known, state)
            : state;
    if (known != null && Image.digest(next).equals(Image.digest(known))) {
      return next;
    }
    return decidedNow(known, next, now);
  }

  /** A writer that does not know Shield's own fields did not mean to clear them. */
  private static RouteState withFieldsOf(RouteState known, RouteState state) {
    boolean newStatus = known.status() != state.status();
    return state.toBuilder()
        .until(newStatus ? null : known.until())
        .canaryPercentage(known.canaryPercentage())
        .deprecatedAt(known.deprecatedAt())
        .since(known.since())
        .origin(known.origin())
        .build();
  }

  /** Whoever edits a file decides at run time, and now; unless the edit says otherwise. */
  private static RouteState decidedNow(@Nullable RouteState known, RouteState next, Instant now) {
    RouteState.Builder out = next.toBuilder();
    if (known != null && known.origin() == next.origin()) {
      out.origin(Origin.RUNTIME);
    }
    boolean decided =
        known == null
            || known.status() != next.status()
            || !Objects.equals(known.window(), next.window())
            || !Objects.equals(known.until(), next.until());
    Instant since = known == null ? null : known.since();
    if (decided && Objects.equals(since, next.since())) {
      out.since(now);
    }
    boolean deprecated =
        next.status() == RouteStatus.DEPRECATED
            && (known == null || known.status() != RouteStatus.DEPRECATED);
    Instant deprecatedAt = known == null ? null : known.deprecatedAt();
    if (deprecated && Objects.equals(deprecatedAt, next.deprecatedAt())) {
      out.deprecatedAt(now);
    }
    return out.build();
  }
}
