package io.shield.backend.file.impl;

import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.error.ShieldException;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.Subscription;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend as others see it, from its start to its end. */
public final class FileBackendImpl implements FileBackend {
  private static final Logger LOG = LoggerFactory.getLogger(FileBackend.class);

  /** How often the file is looked at while somebody listens. */
  private static final long POLL_MILLIS = 250;

  private final Path file;
  private final FileStore.Setup setup;
  private final CommitListeners listeners = new CommitListeners();
  private int users;
  private @Nullable Future<RunningStore> running;
  private Runnable stopPolling = () -> {};

  /** A backend on the file the options name; opens nothing yet. */
  public FileBackendImpl(FileBackendOptions options, InstantSource clock) {
    this(options, clock, NioFileOps.INSTANCE, LOG);
  }

  FileBackendImpl(FileBackendOptions options, InstantSource clock, FileOps ops, Logger log) {
    this.file = Path.of(options.getPath());
    this.setup =
        new FileStore.Setup(
            ops, file, Format.of(file), clock, options.getAuditLimit(), log, listeners);
  }

  @Override
  public synchronized Future<Void> startup(Vertx vertx) {
    Objects.requireNonNull(vertx, "vertx");
    users++;
    if (running == null) {
      running = RunningStore.open(vertx, setup).onSuccess(open -> startPolling(vertx, open));
    }
    Future<RunningStore> started = running;
    return started.<Void>mapEmpty().onFailure(e -> forget(started));
  }

  private synchronized void startPolling(Vertx vertx, RunningStore open) {
    long timer =
        vertx.setPeriodic(
            POLL_MILLIS,
            id -> {
              if (!listeners.isEmpty()) {
                open.poll();
              }
            });
    stopPolling = () -> vertx.cancelTimer(timer);
  }

  private synchronized void forget(Future<RunningStore> failed) {
    if (running == failed) {
      running = null;
      users = 0;
    }
  }

  @Override
  public synchronized Future<Void> shutdown() {
    if (running == null || --users > 0) {
      return Future.succeededFuture();
    }
    Future<RunningStore> last = running;
    running = null;
    listeners.clear();
    // A start that failed has closed what it opened.
    return last.transform(
        opened -> opened.succeeded() ? close(opened.result()) : Future.succeededFuture());
  }

  private synchronized Future<Void> close(RunningStore open) {
    stopPolling.run();
    return open.close();
  }

  private synchronized Future<RunningStore> running() {
    return running != null
        ? running
        : Future.failedFuture(
            new ShieldException("the file backend of " + file + " is not started"));
  }

  @Override
  public Future<Head> head() {
    return running().compose(RunningStore::head);
  }

  @Override
  public Future<Snapshot> load() {
    return running().compose(RunningStore::image).map(Image::snapshot);
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    Objects.requireNonNull(query, "query");
    return running().compose(RunningStore::image).map(image -> select(image.audit(), query));
  }

  private static List<AuditEntry> select(List<Logged> audit, AuditQuery query) {
    List<AuditEntry> found = new ArrayList<>();
    int skipped = 0;
    for (int i = audit.size() - 1; i >= 0 && found.size() < query.limit(); i--) {
      AuditEntry entry = audit.get(i).entry();
      if (query.matches(entry) && skipped++ >= query.offset()) {
        found.add(entry);
      }
    }
    return found;
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    Objects.requireNonNull(change, "change");
    return running()
        .recover(
            e -> Future.failedFuture(new ChangeRefusedException(String.valueOf(e.getMessage()), e)))
        .compose(open -> open.commit(change));
  }

  @Override
  public synchronized @Nullable String warning() {
    return running != null && running.succeeded() ? running.result().warning() : null;
  }

  @Override
  public synchronized @Nullable String problem() {
    return running != null && running.succeeded() ? running.result().problem() : null;
  }

  @Override
  public Future<Subscription> subscribe(CommitListener listener) {
    Objects.requireNonNull(listener, "listener");
    return running().map(open -> listeners.add(listener));
  }

  @Override
  public RateLimitStore rateLimitStore() {
    return new FileRateLimitStore(this::running);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true);
  }
}
