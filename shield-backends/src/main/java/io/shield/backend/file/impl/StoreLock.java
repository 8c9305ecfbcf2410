package io.shield.backend.file.impl;

import io.shield.spi.ChangeRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Excludes all other writers of a store: those of this process by one lock for each path, because a
 * file lock excludes other processes only, and closing the lock file anywhere in the process gives
 * it up; those of other processes by that file lock. Also knows the stores of this process that
 * share the path.
 */
final class StoreLock {
  /** How long a writer waits for others. */
  static final Duration LIMIT = Duration.ofSeconds(5);

  private record Place(FileOps ops, Path main) {
    // Written out, as those of FileStamp: linking what the compiler would make takes long at start.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place place && ops.equals(place.ops) && main.equals(place.main);
    }

    @Override
    public int hashCode() {
      return main.hashCode();
    }
  }

  private static final class Shared {
    final ReentrantLock lock = new ReentrantLock(true);
    final List<FileStore> stores = new CopyOnWriteArrayList<>();
  }

  private static final Map<Place, Shared> SHARED = new HashMap<>();

  private final FileOps ops;
  private final StorePaths paths;
  private final FileWriter writer;
  private final Shared shared;

  private StoreLock(FileOps ops, StorePaths paths, FileWriter writer, Shared shared) {
    this.ops = ops;
    this.paths = paths;
    this.writer = writer;
    this.shared = shared;
  }

  /** The lock of a store, until it {@link #leave leaves}. */
  static StoreLock join(FileStore store, FileOps ops, StorePaths paths, FileWriter writer) {
    synchronized (SHARED) {
      Shared shared = SHARED.computeIfAbsent(new Place(ops, paths.main()), place -> new Shared());
      shared.stores.add(store);
      return new StoreLock(ops, paths, writer, shared);
    }
  }

  void leave(FileStore store) {
    synchronized (SHARED) {
      shared.stores.remove(store);
      if (shared.stores.isEmpty()) {
        SHARED.remove(new Place(ops, paths.main()));
      }
    }
  }

  /** Every store of this process on the same path. */
  List<FileStore> stores() {
    return shared.stores;
  }

  /**
   * Does something with both locks held.
   *
   * @throws ChangeRefusedException if others held them too long
   */
  <T extends @Nullable Object> T hold(Supplier<T> work) {
    return hold(
        work,
        refusal -> {
          throw refusal;
        });
  }

  /**
   * Does something with both locks held.
   *
   * @param otherwise what to do if others held them too long
   */
  <T extends @Nullable Object> T hold(
      Supplier<T> work, Function<ChangeRefusedException, T> otherwise) {
    Closeable fileLock;
    try {
      fileLock = take();
    } catch (ChangeRefusedException e) {
      return otherwise.apply(e);
    }
    try {
      return work.get();
    } finally {
      release(fileLock);
    }
  }

  private Closeable take() {
    long start = System.nanoTime();
    try {
      if (!shared.lock.tryLock(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw writer.refused("another user of it in this process does not end", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw writer.refused("interrupted", e);
    }
    try {
      return ops.lock(paths.lock(), LIMIT.minusNanos(System.nanoTime() - start));
    } catch (IOException e) {
      shared.lock.unlock();
      throw writer.refused(problem(e), e);
    }
  }

  private String problem(IOException e) {
    return e instanceof FileOps.LockTimeoutException
        ? "another process holds the lock "
            + paths.lock()
            + " for more than "
            + LIMIT.toSeconds()
            + " s"
        : "the lock " + paths.lock() + " cannot be taken: " + Problems.of(e);
  }

  private void release(Closeable fileLock) {
    try {
      fileLock.close();
    } catch (IOException e) {
      // The end of the process gives it up at the latest; others say that they wait for it.
    } finally {
      shared.lock.unlock();
    }
  }
}
