package io.shield.backend.file.impl;

import io.shield.spi.ChangeRefusedException;
import io.shield.spi.limit.Hits;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.RateLimitHit;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Gathers hits and counters for the limits file and writes them at most once a second. What could
 * not be written is written with what comes next. Thread-safe.
 */
final class LimitsQueue {
  private static final long PAUSE_MILLIS = 1000;

  /** A large file is written less often: writing takes at most a part of the time. */
  private static final int SHARE = 10;

  private final Vertx vertx;
  private final Consumer<Runnable> writing;
  private final LimitsFile file;
  private final Consumer<ChangeRefusedException> lockHeld;

  /** Held while hits are on their way from memory to the disk. */
  private final Object disk = new Object();

  private Hits hits = new Hits();
  private Map<String, List<KeptCounters>> counters = new HashMap<>();
  private boolean scheduled;
  private long pauseMillis = PAUSE_MILLIS;

  /**
   * @param writing does something on the thread that writes
   * @param lockHeld hears, on that thread, that others held the lock too long
   */
  LimitsQueue(
      Vertx vertx,
      Consumer<Runnable> writing,
      LimitsFile file,
      Consumer<ChangeRefusedException> lockHeld) {
    this.vertx = vertx;
    this.writing = writing;
    this.file = file;
    this.lockHeld = lockHeld;
  }

  synchronized void add(List<RateLimitHit> batch) {
    hits.addAll(batch);
    schedule();
  }

  synchronized void put(String writer, List<KeptCounters> counted) {
    counters.put(writer, counted);
    schedule();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      vertx.setTimer(pauseMillis, timer -> writing.accept(this::writeNow));
    }
  }

  private void writeNow() {
    write();
    synchronized (this) {
      if (!hits.all().isEmpty() || !counters.isEmpty()) {
        schedule();
      }
    }
  }

  /** Writes what is gathered. Blocks. */
  void write() {
    synchronized (this) {
      scheduled = false;
      if (hits.all().isEmpty() && counters.isEmpty()) {
        return;
      }
    }
    file.hold(this::writeHeld, lockHeld);
  }

  private void writeHeld() {
    synchronized (disk) {
      Hits taken;
      Map<String, List<KeptCounters>> counted;
      synchronized (this) {
        taken = hits;
        counted = counters;
        hits = new Hits();
        counters = new HashMap<>();
      }
      long start = System.nanoTime();
      boolean written = file.write(taken.all(), counted);
      long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
      synchronized (this) {
        pauseMillis = Math.max(PAUSE_MILLIS, SHARE * took);
        if (!written) {
          taken.addAll(hits.all());
          hits = taken;
          counted.putAll(counters);
          counters = counted;
        }
      }
    }
  }

  /**
   * All hits, those included that are not written yet. Blocks while the file is written.
   *
   * @param kept reads those that are written
   */
  List<RateLimitHit> hits(Supplier<List<RateLimitHit>> kept) {
    synchronized (disk) {
      Hits all = new Hits();
      all.addAll(kept.get());
      synchronized (this) {
        all.addAll(hits.all());
      }
      return all.all();
    }
  }
}
