package io.shield.impl.replica;

import io.shield.ShieldChange;
import io.shield.impl.replica.Replica.Observer;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.BackendSettings;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last known snapshot of a remote store on disk, for a start without the store. Files are
 * touched on workers only, at most twice a second. A file that cannot be read or written is a
 * warning. Confined to the engine's context.
 */
public final class SnapshotCache implements Observer {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotCache.class);
  private static final String VARIABLE = "SHIELD_CACHE_DIR";
  private static final String DEFAULT_DIRECTORY = ".shield-cache";
  private static final String OFF = "off";
  private static final long PAUSE_MILLIS = 500;
  private static final long AGAIN_MILLIS = 5_000;

  private final ContextInternal context;
  private final @Nullable SnapshotFile file;
  private @Nullable Snapshot waiting;
  private Head written = Head.NONE;
  private Future<Void> writing;
  private boolean scheduled;
  private boolean closed;

  /** Why it cannot be written, or null. */
  private volatile @Nullable String problem;

  private SnapshotCache(ContextInternal context, @Nullable SnapshotFile file) {
    this.context = context;
    this.file = file;
    this.writing = context.succeededFuture();
  }

  /**
   * The cache of an engine.
   *
   * @param location of its store; null, and there is no cache, if it is not remote
   */
  public static SnapshotCache of(
      ContextInternal context, BackendSettings configuration, @Nullable String location) {
    String given = configuration.setting(VARIABLE);
    String directory = given == null ? DEFAULT_DIRECTORY : given;
    SnapshotFile file =
        location == null || directory.equals(OFF)
            ? null
            : SnapshotFile.of(Path.of(directory), configuration.name(), location);
    return new SnapshotCache(context, file);
  }

  /** What was kept; a snapshot without a head if nothing was. Does not fail. */
  public Future<Snapshot> read() {
    Snapshot nothing = Snapshot.empty(Head.NONE);
    SnapshotFile source = file;
    if (source == null) {
      return context.succeededFuture(nothing);
    }
    return context
        .executeBlocking(source::read)
        .recover(
            failure -> {
              LOG.warn(
                  "The snapshot in {} cannot be read and is not used: {}",
                  source.path(),
                  failure.getMessage());
              return context.succeededFuture(nothing);
            })
        .onSuccess(found -> written = found.head());
  }

  /** Keeps the snapshot, a moment later. */
  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    Snapshot snapshot = change.after();
    if (file == null || snapshot.head().equals(written)) {
      return;
    }
    waiting = snapshot;
    flushIn(problem == null ? PAUSE_MILLIS : AGAIN_MILLIS);
  }

  private void flushIn(long millis) {
    if (scheduled || closed) {
      return;
    }
    scheduled = true;
    context.setTimer(
        millis,
        timer -> {
          scheduled = false;
          flush();
        });
  }

  /** Why the snapshot cannot be kept, or null. May be called from any thread. */
  public @Nullable String problem() {
    return problem;
  }

  /** Writes what waits to be kept, for the last time, and ends when all is. Does not fail. */
  public Future<Void> close() {
    closed = true;
    return flush();
  }

  private Future<Void> flush() {
    Snapshot next = waiting;
    SnapshotFile target = file;
    waiting = null;
    if (next == null || target == null) {
      return writing;
    }
    written = next.head();
    writing =
        context
            .<Void>executeBlocking(
                () -> {
                  target.write(next);
                  return null;
                })
            .onSuccess(v -> written(target))
            .recover(
                failure -> {
                  failed(target, next, failure);
                  return context.succeededFuture();
                });
    return writing;
  }

  private void written(SnapshotFile target) {
    if (problem != null) {
      problem = null;
      LOG.info("The last known snapshot is kept in {} again", target.path());
    }
  }

  /** Told once; it is tried again until it works. */
  private void failed(SnapshotFile target, Snapshot snapshot, Throwable failure) {
    if (problem == null) {
      LOG.warn(
          "The last known snapshot cannot be kept in {} ({}): a start without the store would not"
              + " know it. Set {} to a directory that can be written, or to off",
          target.path(),
          failure.toString(),
          VARIABLE);
    }
    problem = "the last known snapshot cannot be kept in " + target.path();
    if (waiting == null) {
      waiting = snapshot;
    }
    flushIn(AGAIN_MILLIS);
  }
}
