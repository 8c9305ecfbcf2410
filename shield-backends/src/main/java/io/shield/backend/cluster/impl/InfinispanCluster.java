package io.shield.backend.cluster.impl;

import io.vertx.core.spi.cluster.ClusterManager;
import java.time.Duration;
import java.util.List;

/** A cluster of Infinispan. */
final class InfinispanCluster {
  /** What JGroups takes at most with the timeouts it comes with. */
  private static final Duration DETECTION = Duration.ofSeconds(60);

  private InfinispanCluster() {}

  static Cluster of(ClusterManager manager, CommitLog log) {
    return new Cluster(log, Membership.of(manager::getNodes, DETECTION), List.of());
  }
}
