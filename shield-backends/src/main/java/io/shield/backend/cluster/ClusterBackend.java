package io.shield.backend.cluster;

import io.shield.backend.cluster.impl.ClusterBackendImpl;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A store in a cluster of Vert.x, kept by its members: with Hazelcast or Infinispan in their
 * memory, with ZooKeeper on its disks.
 *
 * <p>Commits are entries of one log, each written once under the next revision, by a member that
 * knows the entry before it and sees a majority of the members. They are told on the event bus;
 * what is told is checked against the log. Every member holds the whole log back to its last
 * summary in memory and puts back what the cluster loses. A log that is not what became of what a
 * member knew is not believed.
 *
 * <p>Futures complete on an event loop of the backend.
 */
public interface ClusterBackend extends ShieldBackend {
  /** A backend in the cluster of the engine's Vert.x; opens nothing yet. */
  static ClusterBackend create(ClusterBackendOptions options) {
    return create(options, InstantSource.system());
  }

  /**
   * A backend in the cluster of the engine's Vert.x; opens nothing yet.
   *
   * @param clock tells how long request ids have been remembered
   */
  static ClusterBackend create(ClusterBackendOptions options, InstantSource clock) {
    return new ClusterBackendImpl(
        Objects.requireNonNull(options, "options"), Objects.requireNonNull(clock, "clock"), null);
  }

  /**
   * A backend in the cluster of another Vert.x than the engine's; opens nothing yet.
   *
   * @param clustered is in the cluster; not closed with the backend
   * @param clock tells how long request ids have been remembered
   */
  static ClusterBackend create(
      Vertx clustered, ClusterBackendOptions options, InstantSource clock) {
    return new ClusterBackendImpl(
        Objects.requireNonNull(options, "options"),
        Objects.requireNonNull(clock, "clock"),
        Objects.requireNonNull(clustered, "clustered"));
  }
}
