package io.shield.backend.file.impl;

import io.shield.error.ShieldException;
import io.shield.fixtures.MutableClock;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.spi.CommitResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A store without threads, with a log and a listener that tests can read. */
final class TestStore implements AutoCloseable {
  static final int AUDIT_LIMIT = 100;

  final RecordingLog log = new RecordingLog();
  final List<Commit> told = new ArrayList<>();
  final FileStore store;
  int timesOutdated;

  private TestStore(FileOps ops, Path file, MutableClock clock, int auditLimit) {
    store =
        FileStore.open(
            new FileStore.Setup(
                ops,
                file,
                Format.of(file),
                clock,
                auditLimit,
                log,
                (before, commits) -> {
                  told.addAll(commits);
                  timesOutdated += commits.isEmpty() ? 1 : 0;
                }));
    told.clear();
    timesOutdated = 0;
  }

  static TestStore open(FileOps ops, Path file) {
    return new TestStore(ops, file, MutableClock.create(), AUDIT_LIMIT);
  }

  static TestStore open(FileOps ops, Path file, MutableClock clock, int auditLimit) {
    return new TestStore(ops, file, clock, auditLimit);
  }

  @Override
  public void close() {
    store.close();
  }

  /** Takes over what is new, as a poll does. */
  void poll() {
    if (store.refresh()) {
      store.adopt(List::of);
    }
  }

  Image image() {
    return store.image();
  }

  RouteState state(String key) {
    return store.image().snapshot().state(key);
  }

  long version(String key) {
    return store.image().snapshot().version(DocumentKey.state(key));
  }

  List<AuditEntry> audit() {
    return store.image().audit().stream().map(Logged::entry).toList();
  }

  List<CommitResult> commit(List<Change> changes) {
    return store.commit(() -> changes).stream().map(TestStore::result).toList();
  }

  CommitResult commit(Change change) {
    return commit(List.of(change)).get(0);
  }

  private static CommitResult result(FileStore.Outcome outcome) {
    if (outcome instanceof FileStore.Outcome.Failed failed) {
      throw failed.cause();
    }
    return ((FileStore.Outcome.Decided) outcome).result();
  }

  /** Commits and expects it to be accepted. */
  Commit accept(Change change) {
    if (commit(change) instanceof CommitResult.Accepted accepted) {
      return accepted.commit();
    }
    throw new AssertionError("a conflict: " + change);
  }

  /** Sets a route to a status, from whatever version it has, and logs that. */
  Commit set(String key, RouteStatus status, String reason) {
    return accept(setting(key, version(key), status, reason));
  }

  static Change setting(String key, long version, RouteStatus status, String reason) {
    String id = UUID.randomUUID().toString();
    RouteState state = RouteState.builder(key).status(status).reason(reason).build();
    return new Change(
        id,
        List.of(new Edit(DocumentKey.state(key), version, state)),
        List.of(entry("audit " + id, key, status, reason)));
  }

  static AuditEntry entry(String id, String path, RouteStatus status, String reason) {
    return new AuditEntry(
        id,
        MutableClock.START,
        path,
        null,
        status == RouteStatus.ACTIVE ? "enable" : "disable",
        "alice",
        "cli",
        reason,
        null,
        status,
        0,
        List.of(),
        null,
        false);
  }

  /** Opens a store that must not open; returns why. */
  static ShieldException refusal(FileOps ops, Path file) {
    try (TestStore opened = open(ops, file)) {
      throw new AssertionError("opened: " + opened.image().snapshot());
    } catch (ShieldException e) {
      return e;
    }
  }
}
