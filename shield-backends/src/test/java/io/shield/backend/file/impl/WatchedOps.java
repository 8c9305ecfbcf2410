package io.shield.backend.file.impl;

import io.vertx.core.Context;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The real disk, but the test sees what is done on it, and can hold the lock back. */
final class WatchedOps implements FileOps {
  private final FileOps real = NioFileOps.INSTANCE;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final Set<String> onEventLoops = ConcurrentHashMap.newKeySet();
  private final boolean syncing;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean lockHeld;

  private WatchedOps(boolean syncing) {
    this.syncing = syncing;
  }

  static WatchedOps create() {
    return new WatchedOps(true);
  }

  /** Waits for no disk: for tests of anything but durability. */
  static WatchedOps withoutSyncing() {
    return new WatchedOps(false);
  }

  /** How often something was done with a file. */
  long count(String operation) {
    return Collections.frequency(done, operation);
  }

  List<String> operations() {
    return done;
  }

  /** What was done on an event loop. */
  Set<String> onEventLoops() {
    return onEventLoops;
  }

  /** From now on the lock is only given after the latch was counted down. */
  void gate(CountDownLatch latch) {
    gate = latch;
  }

  /** From now on others hold the lock too long, or no more. */
  void lockHeld(boolean is) {
    lockHeld = is;
  }

  private void see(String operation, Path file) {
    done.add(operation + " " + file.getFileName());
    if (Context.isOnEventLoopThread()) {
      onEventLoops.add(operation);
    }
  }

  @Override
  public Instant now() {
    return real.now();
  }

  @Override
  public Path resolve(Path file) throws IOException {
    see("resolve", file);
    return real.resolve(file);
  }

  @Override
  public @Nullable FileStamp stamp(Path file) throws IOException {
    see("stamp", file);
    return real.stamp(file);
  }

  @Override
  public byte[] read(Path file) throws IOException {
    see("read", file);
    return real.read(file);
  }

  @Override
  public NewFile create(Path file) throws IOException {
    see("create", file);
    NewFile made = real.create(file);
    return new NewFile() {
      @Override
      public void write(byte[] content) throws IOException {
        see("write", file);
        made.write(content);
      }

      @Override
      public void setModified(Instant time) throws IOException {
        made.setModified(time);
      }

      @Override
      public void sync() throws IOException {
        see("sync", file);
        if (syncing) {
          made.sync();
        }
      }

      @Override
      public void close() throws IOException {
        made.close();
      }
    };
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    see("rename", to);
    real.rename(from, to);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    see("syncDirectory", directory);
    if (syncing) {
      real.syncDirectory(directory);
    }
  }

  @Override
  public void deleteIfExists(Path file) throws IOException {
    see("delete", file);
    real.deleteIfExists(file);
  }

  @Override
  public Closeable lock(Path file, Duration limit) throws IOException {
    see("lock", file);
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (lockHeld) {
      throw new LockTimeoutException(file);
    }
    return real.lock(file, limit);
  }

  @Override
  public void pause(Duration duration) {
    real.pause(duration);
  }
}
