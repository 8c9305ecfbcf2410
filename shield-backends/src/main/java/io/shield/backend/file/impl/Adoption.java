package io.shield.backend.file.impl;

import io.shield.internal.adoption.AdoptionEntries;
import io.shield.internal.adoption.ForeignEntries;
import io.shield.internal.adoption.ForeignStates;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What has to change so that the store holds what somebody else wrote into the file. Nothing is
 * deleted unless whoever deleted it logged that: what else the file lacks stays.
 *
 * @param change the difference, or null if there is none
 * @param missing the documents that the file lacks
 * @param keptOut the documents of an old cache that was written back
 * @param unlogged whether the original changed something and has not logged it yet
 */
record Adoption(
    @Nullable Change change,
    List<DocumentKey> missing,
    List<DocumentKey> keptOut,
    boolean unlogged) {
  /** An old cache lacks one of so many newest entries. */
  private static final int NEWEST = 100;

  /**
   * Compares a file's content with what the store holds.
   *
   * @param auditLimit how many audit entries the store keeps
   */
  static Adoption of(Image base, Content content, Instant now, int auditLimit) {
    Instant stamp = now.truncatedTo(ChronoUnit.MILLIS);
    return new Comparison(base, content, stamp, newEntries(base, content, auditLimit)).adoption();
  }

  private static final class Comparison {
    private final Image base;
    private final Content content;
    private final Instant now;
    private final List<Edit> edits = new ArrayList<>();

    /** By id: entries of others, some with what Shield knows of the change. */
    private final Map<String, AuditEntry> audit = new LinkedHashMap<>();

    private final List<AuditEntry> theirs;
    private final List<DocumentKey> keptOut = new ArrayList<>();
    private boolean unlogged;

    Comparison(Image base, Content content, Instant now, List<AuditEntry> given) {
      this.base = base;
      this.content = content;
      this.now = now;
      given.forEach(entry -> audit.put(entry.id(), entry));
      this.theirs = new ArrayList<>(given);
      // Shield's own have one, also where their ids were damaged.
      theirs.removeIf(entry -> entry.revision() > 0);
      Collections.reverse(theirs);
    }

    Adoption adoption() {
      boolean old = content.section() == null && isOld();
      content.values().forEach((key, given) -> compare(key, given, old));
      List<DocumentKey> missing = new ArrayList<>(base.digests().keySet());
      missing.removeAll(content.values().keySet());
      missing.removeAll(content.broken());
      missing.removeIf(key -> key.kind() == DocumentKind.DOCUMENT || isDeleted(key));
      boolean same = edits.isEmpty() && audit.isEmpty();
      return new Adoption(
          same
              ? null
              : new Change(UUID.randomUUID().toString(), edits, List.copyOf(audit.values())),
          List.copyOf(missing),
          List.copyOf(keptOut),
          unlogged && content.section() == null);
    }

    /** Whether it knows nothing of what Shield logged lately. */
    private boolean isOld() {
      Set<String> ids = new HashSet<>();
      content.audit().forEach(logged -> ids.add(logged.entry().id()));
      List<Logged> all = base.audit();
      return all.subList(Math.max(0, all.size() - NEWEST), all.size()).stream()
          .anyMatch(logged -> !ids.contains(logged.entry().id()));
    }

    private void compare(DocumentKey key, DocumentValue given, boolean old) {
      DocumentValue before = base.snapshot().value(key);
      DocumentValue after = merged(before, given, content, now);
      if (Image.digest(after).equals(base.digests().get(key))) {
        return;
      }
      AuditEntry own = Objects.requireNonNull(AdoptionEntries.of(key, before, after, now));
      AuditEntry told = ForeignEntries.telling(own, theirs);
      if (told == null && old && base.earlier().had(key, given)) {
        keptOut.add(key);
        return;
      }
      edits.add(new Edit(key, base.snapshot().version(key), after));
      log(own, told);
    }

    private void log(AuditEntry own, @Nullable AuditEntry told) {
      unlogged |= told == null;
      AuditEntry entry = told == null ? own : ForeignEntries.taken(told, own);
      audit.put(entry.id(), entry);
    }

    private boolean isDeleted(DocumentKey key) {
      DocumentValue before = Objects.requireNonNull(base.snapshot().value(key));
      AuditEntry own = Objects.requireNonNull(AdoptionEntries.ofDeletion(key, before, now));
      AuditEntry told = ForeignEntries.telling(own, theirs);
      if (told == null) {
        return false;
      }
      edits.add(new Edit(key, base.snapshot().version(key), null));
      log(own, told);
      return true;
    }
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
      return ForeignStates.limit(before, given);
    }
    return ForeignStates.merge(
        before instanceof RouteState known ? known : null,
        state,
        content.plainStates().contains(state.path()),
        now);
  }
}
