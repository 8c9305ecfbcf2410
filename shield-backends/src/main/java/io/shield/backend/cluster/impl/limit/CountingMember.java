package io.shield.backend.cluster.impl.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member that counts, and whether it answers. One late answer happens; when several come late one
 * after the other, one request in a while is made to wait for it, until it answers. Thread-safe.
 */
final class CountingMember {
  private static final Logger LOG = LoggerFactory.getLogger(CountingMember.class);
  private static final int FAILURES = 5;
  private static final long TRY_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final String node;
  private final long hash;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong triedNanos = new AtomicLong();

  CountingMember(String node) {
    this.node = node;
    this.hash = mixed(node.hashCode());
  }

  String node() {
    return node;
  }

  /** How much it wants a key: who wants it most owns it. Of all members alike on all members. */
  long wants(String key) {
    return mixed(hash ^ key.hashCode());
  }

  /** Spreads the bits. */
  private static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 33)) * 0xff51_afd7_ed55_8ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
    return mixed ^ (mixed >>> 33);
  }

  /** Whether it does not answer, as far as is known. */
  boolean isLost() {
    return failures.get() >= FAILURES;
  }

  /** Whether it is to be asked now. */
  boolean isAsked() {
    if (!isLost()) {
      return true;
    }
    long tried = triedNanos.get();
    long now = System.nanoTime();
    return now - tried >= TRY_AGAIN_NANOS && triedNanos.compareAndSet(tried, now);
  }

  void answered() {
    if (failures.get() != 0 && failures.getAndSet(0) >= FAILURES) {
      LOG.info("The member {} counts rate limits again", node);
    }
  }

  void failed(String cause) {
    triedNanos.set(System.nanoTime());
    if (failures.incrementAndGet() == FAILURES) {
      LOG.warn("The member {} does not count rate limits for now: {}", node, cause);
    }
  }
}
