package io.shield.memory;

import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.RecentCommits;
import io.shield.spi.ShieldBackend;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in memory. Several engines of one process may share one; everything is gone when the
 * process ends. The audit log keeps the newest entries up to a limit. Thread-safe.
 */
public final class MemoryBackend implements ShieldBackend {
  /** How many audit entries are kept unless said otherwise. */
  public static final int DEFAULT_AUDIT_LIMIT = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(MemoryBackend.class);

  private final int auditLimit;
  private final @Nullable String warning;
  private final RecentCommits recent;
  private final Deque<AuditEntry> newestFirst = new ArrayDeque<>();
  private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
  private Snapshot snapshot;

  private MemoryBackend(InstantSource clock, int auditLimit, @Nullable String warning) {
    this.warning = warning;
    this.recent = new RecentCommits(clock);
    this.auditLimit = auditLimit;
    this.snapshot = Snapshot.empty(new Head(randomId(), 1, randomId()));
  }

  /** An empty store. */
  public static MemoryBackend create() {
    return create(InstantSource.system(), DEFAULT_AUDIT_LIMIT);
  }

  /**
   * An empty store.
   *
   * @param clock tells how long request ids have been remembered
   * @param auditLimit how many audit entries are kept
   */
  public static MemoryBackend create(InstantSource clock, int auditLimit) {
    return create(clock, auditLimit, null);
  }

  /**
   * An empty store.
   *
   * @param clock tells how long request ids have been remembered
   * @param auditLimit how many audit entries are kept
   * @param warning why it should be another store, for those who look after the application; or
   *     null
   */
  public static MemoryBackend create(
      InstantSource clock, int auditLimit, @Nullable String warning) {
    return new MemoryBackend(clock, auditLimit, warning);
  }

  private static String randomId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public synchronized Future<Head> head() {
    return Future.succeededFuture(snapshot.head());
  }

  @Override
  public synchronized Future<Snapshot> load() {
    return Future.succeededFuture(snapshot);
  }

  @Override
  public synchronized Future<CommitResult> commit(Change change) {
    Commit earlier = recent.find(change);
    if (earlier != null) {
      return Future.succeededFuture(new CommitResult.Accepted(earlier));
    }
    List<VersionConflict> conflicts = snapshot.conflicts(change);
    if (!conflicts.isEmpty()) {
      return Future.succeededFuture(new CommitResult.Conflict(snapshot.head(), conflicts));
    }
    Commit commit = Commit.following(snapshot.head(), randomId(), change);
    snapshot = snapshot.apply(commit);
    recent.add(commit);
    commit.change().audit().forEach(this::append);
    listeners.forEach(listener -> tell(listener, commit));
    return Future.succeededFuture(new CommitResult.Accepted(commit));
  }

  /** A listener that throws must neither fail the commit nor silence the others. */
  private static void tell(CommitListener listener, Commit commit) {
    try {
      listener.committed(commit);
    } catch (RuntimeException e) {
      LOG.warn("a listener failed on {}", commit.head(), e);
    }
  }

  private void append(AuditEntry entry) {
    newestFirst.addFirst(entry);
    if (newestFirst.size() > auditLimit) {
      newestFirst.removeLast();
    }
  }

  @Override
  public synchronized Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return Future.succeededFuture(
        newestFirst.stream()
            .filter(query::matches)
            .skip(query.offset())
            .limit(query.limit())
            .toList());
  }

  @Override
  public synchronized Future<Subscription> subscribe(CommitListener listener) {
    listeners.add(listener);
    return Future.succeededFuture(
        () -> {
          listeners.remove(listener);
          return Future.succeededFuture();
        });
  }

  @Override
  public @Nullable String warning() {
    return warning;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, false);
  }
}
