package io.shield.contract;

import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.model.store.Versioned;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.shield.spi.Renewal;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A backend that claims every capability and has at most one fault. */
final class FaultyBackend implements ShieldBackend {
  /** What several backends share, and what outlives them. */
  static final class Store {
    private final @Nullable Fault fault;
    private final InstantSource clock;
    private final Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();
    private final Map<String, Remembered> ids = new LinkedHashMap<>();
    private final List<AuditEntry> audit = new ArrayList<>();
    private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
    private final List<String> ancestors = new ArrayList<>();
    private Head head;
    private boolean closed;

    Store(@Nullable Fault fault, InstantSource clock) {
      this.fault = fault;
      this.clock = clock;
      this.head =
          fault == Fault.CONSTANT_EPOCH ? new Head("epoch", 1, "id") : new Head(id(), 1, id());
    }
  }

  private record Remembered(Commit commit, Instant at) {}

  private final Store store;
  private @Nullable Vertx vertx;
  private @Nullable Snapshot known;
  private @Nullable Commit heldBack;

  FaultyBackend(Store store) {
    this.store = store;
    if (has(Fault.IDS_IN_MEMORY_ONLY)) {
      store.ids.clear();
    }
    if (has(Fault.AUDIT_IN_MEMORY_ONLY)) {
      store.audit.clear();
    }
  }

  private boolean has(Fault fault) {
    return store.fault == fault;
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  @Override
  public Future<Void> startup(Vertx vertx) {
    this.vertx = vertx;
    return Future.succeededFuture();
  }

  @Override
  public Future<Head> head() {
    synchronized (store) {
      return Future.succeededFuture(store.head);
    }
  }

  @Override
  public Future<Snapshot> load() {
    synchronized (store) {
      if (has(Fault.OWN_CACHE_BELIEVED) && known != null) {
        return Future.succeededFuture(known);
      }
      known = snapshot();
      return Future.succeededFuture(known);
    }
  }

  private Snapshot snapshot() {
    return Snapshot.of(store.head, store.content);
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    if (has(Fault.COMPARE_THEN_SET)) {
      return compareThenSet(change);
    }
    synchronized (store) {
      if (store.closed) {
        return Future.failedFuture(new StoreUnreachableException("closed", null));
      }
      Commit earlier = remembered(change.requestId());
      if (earlier != null) {
        if (has(Fault.TOLD_TWICE)) {
          store.listeners.forEach(listener -> tell(listener, earlier));
        }
        return Future.succeededFuture(new CommitResult.Accepted(earlier));
      }
      return Future.succeededFuture(judge(change));
    }
  }

  private Future<CommitResult> compareThenSet(Change change) {
    List<VersionConflict> conflicts;
    synchronized (store) {
      conflicts = snapshot().conflicts(change);
    }
    return Objects.requireNonNull(vertx)
        .timer(1, TimeUnit.MILLISECONDS)
        .map(
            later -> {
              synchronized (store) {
                return conflicts.isEmpty() ? write(change) : refuse(conflicts);
              }
            });
  }

  private @Nullable Commit remembered(String requestId) {
    Remembered found = store.ids.get(requestId);
    if (found == null || has(Fault.IDS_FORGOTTEN)) {
      return null;
    }
    boolean old = found.at.plus(Duration.ofMinutes(9)).isBefore(store.clock.instant());
    return old && has(Fault.IDS_FORGOTTEN_EARLY) ? null : found.commit;
  }

  private CommitResult judge(Change change) {
    List<VersionConflict> conflicts = snapshot().conflicts(change);
    if (has(Fault.AUDIT_OUTSIDE_THE_STEP) && !conflicts.isEmpty()) {
      store.audit.addAll(change.audit());
    }
    if (conflicts.isEmpty() || has(Fault.NO_COMPARE_AND_SET)) {
      return write(change);
    }
    if (has(Fault.HALF_A_CHANGE)) {
      change.edits().stream()
          .filter(edit -> conflicts.stream().noneMatch(c -> c.key().equals(edit.key())))
          .forEach(edit -> put(edit, store.head.revision()));
    }
    if (has(Fault.REFUSED_ID_KEPT)) {
      remember(Commit.following(store.head, id(), change));
    }
    return refuse(conflicts);
  }

  private CommitResult refuse(List<VersionConflict> all) {
    List<VersionConflict> conflicts = has(Fault.FIRST_CONFLICT_ONLY) ? all.subList(0, 1) : all;
    if (has(Fault.CONFLICT_WITHOUT_VALUE)) {
      conflicts =
          conflicts.stream()
              .map(c -> new VersionConflict(c.key(), c.expected(), c.actual(), null))
              .toList();
    }
    return new CommitResult.Conflict(store.head, conflicts);
  }

  private CommitResult write(Change change) {
    Commit commit = Commit.following(store.head, id(), change);
    if (has(Fault.WRONG_PREDECESSOR)) {
      commit = new Commit(commit.head(), commit.head().commitId(), commit.change());
    }
    boolean stays = has(Fault.AUDIT_WITHOUT_REVISION) && change.edits().isEmpty();
    store.head = stays ? store.head : commit.head();
    for (Edit edit : change.edits()) {
      put(edit, store.head.revision());
    }
    store.audit.addAll(has(Fault.AUDIT_UNSTAMPED) ? change.audit() : commit.change().audit());
    remember(commit);
    known = snapshot();
    announce(commit);
    return new CommitResult.Accepted(commit);
  }

  private void remember(Commit commit) {
    if (has(Fault.LAST_ID_ONLY)) {
      store.ids.clear();
    }
    store.ids.put(commit.change().requestId(), new Remembered(commit, store.clock.instant()));
  }

  private void put(Edit edit, long revision) {
    DocumentKey key = edit.key();
    Versioned<?> old = store.content.get(key);
    if (has(Fault.KEYS_SIMPLIFIED)) {
      store.content.keySet().removeIf(other -> letters(other).equals(letters(key)));
    }
    if (has(Fault.KIND_IGNORED)) {
      store.content.keySet().removeIf(other -> other.key().equals(key.key()));
    }
    if (edit.value() != null) {
      long version = !has(Fault.VERSION_REUSED) ? revision : old == null ? 1 : old.version() + 1;
      store.content.put(key, new Versioned<>(spoilt(edit.value()), version));
    } else if (!has(Fault.DELETION_IGNORED)) {
      store.content.remove(key);
    }
  }

  private static String letters(DocumentKey key) {
    return key.kind() + key.key().replaceAll("\\W", "");
  }

  private DocumentValue spoilt(DocumentValue value) {
    if (!(value instanceof RouteState state)) {
      return value;
    }
    if (has(Fault.FIELD_LOST)) {
      return ShieldJson.readRouteState(ShieldJson.write(state).without("canary_percentage"));
    }
    if (has(Fault.TIMES_CUT) && state.until() != null) {
      return state.toBuilder().until(state.until().truncatedTo(ChronoUnit.MILLIS)).build();
    }
    return state;
  }

  private void announce(Commit commit) {
    if (has(Fault.TOLD_OUT_OF_ORDER)) {
      Commit earlier = heldBack;
      heldBack = earlier == null ? commit : null;
      if (earlier == null) {
        return;
      }
      store.listeners.forEach(listener -> tell(listener, commit));
      store.listeners.forEach(listener -> tell(listener, earlier));
      return;
    }
    try {
      store.listeners.forEach(listener -> tell(listener, commit));
    } catch (RuntimeException e) {
      // The fault: those after the one that threw hear nothing.
    }
  }

  private void tell(CommitListener listener, Commit commit) {
    try {
      listener.committed(commit);
    } catch (RuntimeException e) {
      if (has(Fault.LISTENER_STOPS_OTHERS)) {
        throw e;
      }
    }
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    synchronized (store) {
      List<AuditEntry> entries = new ArrayList<>(store.audit);
      if (!has(Fault.AUDIT_OLDEST_FIRST)) {
        Collections.reverse(entries);
      }
      Stream<AuditEntry> all = entries.stream();
      if (has(Fault.LIMIT_BEFORE_FILTERS)) {
        all = all.limit(query.limit());
      }
      if (has(Fault.OFFSET_BEFORE_FILTERS)) {
        all = all.skip(query.offset()).filter(query::matches);
      } else {
        all = all.filter(query::matches).skip(query.offset());
      }
      return Future.succeededFuture(all.limit(query.limit()).toList());
    }
  }

  @Override
  public Future<Subscription> subscribe(CommitListener listener) {
    store.listeners.add(listener);
    return Future.succeededFuture(
        () -> {
          if (!has(Fault.CANCEL_IGNORED)) {
            store.listeners.remove(listener);
          }
          return Future.succeededFuture();
        });
  }

  @Override
  public Future<Lineage> lineage() {
    synchronized (store) {
      return Future.succeededFuture(new Lineage(store.head.epoch(), store.ancestors));
    }
  }

  @Override
  public Future<Head> renew(Renewal renewal) {
    synchronized (store) {
      if (!renewal.found().equals(store.head) && !has(Fault.RENEWED_THOUGH_MOVED)) {
        return Future.failedFuture(new ChangeRefusedException("the store has moved", null));
      }
      if (!has(Fault.PARENT_FORGOTTEN)) {
        store.ancestors.add(renewal.parent().epoch());
      }
      store.ancestors.add(store.head.epoch());
      long beyond = Math.max(renewal.parent().revision(), store.head.revision());
      store.head = new Head(id(), beyond + 1, id());
      if (renewal.content() != null) {
        reseed(renewal.content());
      }
      store.audit.add(renewal.entry().withRevision(store.head.revision()));
      return Future.succeededFuture(store.head);
    }
  }

  private void reseed(Snapshot given) {
    if (!has(Fault.RESEEDED_ON_TOP)) {
      store.content.clear();
    }
    given
        .content()
        .forEach(
            (key, document) ->
                store.content.put(key, new Versioned<>(document.value(), store.head.revision())));
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true, true);
  }

  @Override
  public Future<Void> shutdown() {
    synchronized (store) {
      store.closed = has(Fault.SHUTDOWN_FOR_ALL);
    }
    return Future.succeededFuture();
  }
}
