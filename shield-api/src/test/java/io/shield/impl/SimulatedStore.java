package io.shield.impl;

import io.shield.model.OpaqueDocument;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage.Descent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The store of a simulation, with at most one bug. It can be set back to what it was. */
final class SimulatedStore {
  /** All that a store is. */
  private record Disk(
      Snapshot snapshot,
      Map<String, Commit> requests,
      List<AuditEntry> audit,
      Map<Long, String> commitIds) {
    static Disk beginning() {
      Head first = new Head(id(), 1, id());
      Map<Long, String> commitIds = new HashMap<>(Map.of(1L, first.commitId()));
      return new Disk(Snapshot.empty(first), new HashMap<>(), new ArrayList<>(), commitIds);
    }

    Disk copy() {
      return new Disk(
          snapshot, new HashMap<>(requests), new ArrayList<>(audit), new HashMap<>(commitIds));
    }

    Disk with(Snapshot next) {
      commitIds.put(next.head().revision(), next.head().commitId());
      return new Disk(next, requests, audit, commitIds);
    }
  }

  private final SimulatedTime time;
  private final @Nullable PlantedBug bug;
  private final Map<Object, Consumer<Commit>> subscribers = new LinkedHashMap<>();
  private Disk disk = Disk.beginning();
  private @Nullable Disk dump;
  private @Nullable Disk lost;

  SimulatedStore(SimulatedTime time, @Nullable PlantedBug bug) {
    this.time = time;
    this.bug = bug;
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  Snapshot snapshot() {
    return disk.snapshot;
  }

  /** The audit log, oldest first. */
  List<AuditEntry> audit() {
    return List.copyOf(disk.audit);
  }

  void subscribe(Object who, Consumer<Commit> subscriber) {
    subscribers.put(who, subscriber);
  }

  void unsubscribe(Object who) {
    subscribers.remove(who);
  }

  /** Commits a change of somebody who knows a head; not if the store did not come from there. */
  CommitResult commit(Change change, Head known) {
    boolean sameEpoch = known.epoch().equals(disk.snapshot.head().epoch());
    if (sameEpoch && !had(known) && bug != PlantedBug.LINEAGE_NOT_COMPARED) {
      throw new ChangeRefusedException("the store is not the one that is known", null);
    }
    return commit(change);
  }

  private CommitResult commit(Change change) {
    Commit earlier = disk.requests.get(change.requestId());
    if (earlier != null && bug != PlantedBug.IDS_FORGOTTEN) {
      return new CommitResult.Accepted(earlier);
    }
    List<VersionConflict> conflicts = disk.snapshot.conflicts(change);
    if (!conflicts.isEmpty() && bug != PlantedBug.NO_COMPARE_AND_SET) {
      return new CommitResult.Conflict(disk.snapshot.head(), conflicts);
    }
    Commit commit = Commit.following(disk.snapshot.head(), id(), change);
    List<AuditEntry> entries = commit.change().audit();
    disk.requests.put(change.requestId(), commit);
    if (bug == PlantedBug.AUDIT_OUTSIDE_THE_STEP && time.oneIn(20)) {
      entries = List.of();
    }
    disk.audit.addAll(entries);
    disk = disk.with(disk.snapshot.apply(commit));
    subscribers.values().forEach(subscriber -> subscriber.accept(commit));
    return new CommitResult.Accepted(commit);
  }

  /** Whether the store had both heads of its epoch. */
  Descent descent(Head earlier, Head later) {
    boolean blind = bug == PlantedBug.LINEAGE_NOT_COMPARED;
    return blind || (had(earlier) && had(later)) ? Descent.PROVEN : Descent.DENIED;
  }

  private boolean had(Head head) {
    return head.commitId().equals(disk.commitIds.get(head.revision()));
  }

  /** Keeps a copy to restart from. */
  void dump() {
    dump = disk.copy();
  }

  /** Whether anything would be lost by {@link #restartFromDump}. */
  boolean hasOlderDump() {
    return dump != null && !dump.snapshot.head().equals(disk.snapshot.head());
  }

  /** Restarts from the dump; there must be one. */
  void restartFromDump() {
    lost = disk.copy();
    disk = dump.copy();
  }

  /** Somebody who held nothing goes on from what is there, past what was lost. */
  void goOnPastWhatWasLost() {
    DocumentKey key = DocumentKey.document("elsewhere");
    while (disk.snapshot.head().revision() <= lost.snapshot.head().revision()) {
      Edit edit = new Edit(key, disk.snapshot.version(key), new OpaqueDocument("elsewhere"));
      commit(new Change(id(), List.of(edit), List.of()));
    }
  }

  /** Loses everything. */
  void empty() {
    lost = disk.copy();
    disk = Disk.beginning();
  }

  /** Somebody finds what was lost and puts it back. */
  void restore() {
    disk = lost.copy();
  }
}
