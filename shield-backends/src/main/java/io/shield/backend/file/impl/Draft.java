package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.shield.error.ShieldException;
import io.shield.internal.Dialect;
import io.shield.internal.ReservedStates;
import io.shield.model.DocumentValue;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The next image while commits are put into it, one after the other. Not thread-safe. */
final class Draft {
  private final Image base;
  private final List<Commit> commits = new ArrayList<>();
  private final Map<String, Commit> byRequest = new LinkedHashMap<>();
  private final Map<DocumentKey, String> digests;
  private Snapshot snapshot;
  private Map<String, JsonNode> foreignStates;
  private ArrayNode hits;
  private Strays strays;
  private Dialect dialect;
  private final List<Map.Entry<DocumentKey, DocumentValue>> former = new ArrayList<>();

  Draft(Image base) {
    this.base = base;
    this.digests = new LinkedHashMap<>(base.digests());
    this.snapshot = base.snapshot();
    this.foreignStates = base.foreignStates();
    this.hits = base.hits();
    this.strays = base.strays();
    this.dialect = base.dialect();
  }

  /**
   * Puts a change in, or says why not.
   *
   * @throws ChangeRefusedException if it can never be put in
   */
  CommitResult decide(Change change) {
    Commit earlier = earlier(change);
    if (earlier != null) {
      return new CommitResult.Accepted(earlier);
    }
    refuseStrangers(change);
    List<VersionConflict> conflicts = snapshot.conflicts(change);
    if (!conflicts.isEmpty()) {
      return new CommitResult.Conflict(snapshot.head(), conflicts);
    }
    return new CommitResult.Accepted(append(change));
  }

  private @Nullable Commit earlier(Change change) {
    try {
      Commit justNow = byRequest.get(change.requestId());
      return justNow == null ? base.requests().commitOf(change) : justNow;
    } catch (ShieldException usedForAnother) {
      throw new ChangeRefusedException(String.valueOf(usedForAnother.getMessage()), usedForAnother);
    }
  }

  /** What has no place in the original's layout could be written but not found again. */
  private static void refuseStrangers(Change change) {
    for (Edit edit : change.edits()) {
      DocumentKey key = edit.key();
      boolean reserved =
          key.kind() == DocumentKind.MAINTENANCE
              || (key.kind() == DocumentKind.POLICY && key.isReserved());
      if (reserved && !ReservedStates.holds(key)) {
        throw new ChangeRefusedException("the file backend has no place for " + key, null);
      }
    }
  }

  /** Puts a change in, whatever versions it expects. */
  Commit append(Change change) {
    Commit commit = Commit.following(snapshot.head(), UUID.randomUUID().toString(), change);
    for (Edit edit : change.edits()) {
      DocumentValue before = snapshot.value(edit.key());
      if (before != null) {
        former.add(Map.entry(edit.key(), before));
      }
    }
    snapshot = snapshot.apply(commit);
    strays = strays.without(change);
    for (Edit edit : change.edits()) {
      DocumentValue value = edit.value();
      if (value == null) {
        digests.remove(edit.key());
      } else {
        digests.put(edit.key(), Image.digest(value));
      }
    }
    commits.add(commit);
    byRequest.put(change.requestId(), commit);
    return commit;
  }

  /** Takes over what Shield keeps for others without looking into it. */
  void carry(Content content) {
    foreignStates = new LinkedHashMap<>(foreignStates);
    foreignStates.putAll(content.foreignStates());
    hits = content.hits();
    // The original drops what it does not know.
    boolean dropped = content.section() == null;
    strays = dropped ? strays.and(content.strays().values()) : content.strays();
    dialect = content.dialect();
  }

  /** What was put in, in order. */
  List<Commit> commits() {
    return commits;
  }

  /**
   * The image with all that was put in.
   *
   * @param auditLimit how many audit entries it keeps
   */
  Image image(Instant now, int auditLimit) {
    return new Image(
        snapshot,
        audit(auditLimit),
        base.requests().with(commits, now),
        Collections.unmodifiableMap(digests),
        foreignStates,
        hits,
        strays,
        base.earlier().with(former),
        dialect);
  }

  private List<Logged> audit(int limit) {
    List<Logged> all = new ArrayList<>(base.audit());
    for (Commit commit : commits) {
      commit.change().audit().forEach(entry -> all.add(Logged.of(entry)));
    }
    return List.copyOf(all.subList(Math.max(0, all.size() - limit), all.size()));
  }
}
