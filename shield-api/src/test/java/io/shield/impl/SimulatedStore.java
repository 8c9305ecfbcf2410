package io.shield.impl;

import io.shield.model.AuditEntry;
import io.shield.model.Change;
import io.shield.model.Commit;
import io.shield.model.Head;
import io.shield.model.Snapshot;
import io.shield.model.VersionConflict;
import io.shield.spi.CommitResult;
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
  private record Disk(Snapshot snapshot, Map<String, Commit> requests, List<AuditEntry> audit) {
    Disk copy() {
      return new Disk(snapshot, new HashMap<>(requests), new ArrayList<>(audit));
    }
  }

  private final SimulatedTime time;
  private final @Nullable PlantedBug bug;
  private final Map<Object, Consumer<Commit>> subscribers = new LinkedHashMap<>();
  private Disk disk =
      new Disk(Snapshot.empty(new Head(id(), 1, id())), new HashMap<>(), new ArrayList<>());
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

  CommitResult commit(Change change) {
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
    disk = new Disk(disk.snapshot.apply(commit), disk.requests, disk.audit);
    subscribers.values().forEach(subscriber -> subscriber.accept(commit));
    return new CommitResult.Accepted(commit);
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

  /** Loses everything. */
  void empty() {
    lost = disk.copy();
    disk = new Disk(Snapshot.empty(new Head(id(), 1, id())), new HashMap<>(), new ArrayList<>());
  }

  /** Somebody finds what was lost and puts it back. */
  void restore() {
    disk = lost.copy();
  }
}
