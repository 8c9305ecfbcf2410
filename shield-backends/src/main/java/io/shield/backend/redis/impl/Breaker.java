package io.shield.backend.redis.impl;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether counters are asked. One slow answer happens; when several come late one after the other,
 * or there is no connection, nobody is made to wait until Redis was seen to answer again.
 * Thread-safe.
 */
final class Breaker {
  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
  private static final int FAILURES = 5;
  private static final long NOISE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String address;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile @Nullable String problem;
  private long toldNanos = System.nanoTime() - NOISE_NANOS;

  /**
   * @param address what to call Redis in messages
   */
  Breaker(String address) {
    this.address = address;
  }

  boolean isOpen() {
    return problem != null;
  }

  /** Why it is open, or null. */
  @Nullable String problem() {
    return problem;
  }

  void answered() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /** An answer was late or a failure. */
  void failed(String cause) {
    if (failures.incrementAndGet() >= FAILURES) {
      open(cause);
    }
  }

  synchronized void open(String cause) {
    boolean news = problem == null;
    problem = cause;
    if (news && System.nanoTime() - toldNanos >= NOISE_NANOS) {
      toldNanos = System.nanoTime();
      LOG.warn("Rate limits are not counted by Redis at {} for now: {}", address, cause);
    }
  }

  /** Redis was seen to answer. */
  synchronized void close() {
    failures.set(0);
    if (problem != null) {
      problem = null;
      LOG.info("Rate limits are counted by Redis at {} again", address);
    }
  }
}
