package io.shield.backend.cluster.impl;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;

/** Who is in the cluster. Thread-safe. */
final class Membership {
  private final Supplier<Collection<String>> nodes;
  private final Duration detection;
  private final boolean decides;
  private Set<String> seen;
  private long changes;
  private long changedAt = System.nanoTime();

  private Membership(Supplier<Collection<String>> nodes, Duration detection, boolean decides) {
    this.nodes = nodes;
    this.detection = detection;
    this.decides = decides;
    this.seen = Set.copyOf(nodes.get());
  }

  /**
   * The members of a cluster that writes whatever its size is.
   *
   * @param nodes who is there now; must not block
   * @param detection how long it takes at most until a member that is gone is noticed
   */
  static Membership of(Supplier<Collection<String>> nodes, Duration detection) {
    return new Membership(nodes, detection, true);
  }

  /** The members of a cluster that writes by majorities of its own. */
  static Membership undecisive(Supplier<Collection<String>> nodes) {
    return new Membership(nodes, Duration.ZERO, false);
  }

  /** Whether it depends on the members that are there whether a write counts. */
  boolean decides() {
    return decides;
  }

  /** Somebody came or went, perhaps only for a moment. */
  synchronized void changed() {
    changes++;
    changedAt = System.nanoTime();
  }

  private synchronized void look() {
    Set<String> now = Set.copyOf(nodes.get());
    if (!now.equals(seen)) {
      seen = now;
      changed();
    }
  }

  /** How many are there, this one included. */
  synchronized int size() {
    look();
    return seen.size();
  }

  /** Grows whenever somebody comes or goes. */
  synchronized long changes() {
    look();
    return changes;
  }

  /**
   * Whether nobody has come or gone since a moment, and for so long that it would have been
   * noticed.
   *
   * @param nanos the moment, by {@link System#nanoTime}
   */
  synchronized boolean isStableSince(long nanos) {
    look();
    long now = System.nanoTime();
    return !decides || Math.min(now - changedAt, now - nanos) >= detection.toNanos();
  }

  /** How long it takes at most until a member that is gone is noticed. */
  Duration detection() {
    return detection;
  }
}
