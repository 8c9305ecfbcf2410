package io.shield.backend.cluster.impl;

import io.vertx.core.Future;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.zookeeper.ZookeeperClusterManager;
import java.util.List;

/** A cluster of ZooKeeper, which decides by majorities of its own servers. */
final class ZookeeperCluster {
  private ZookeeperCluster() {}

  /**
   * The cluster of a started manager.
   *
   * @param name of the store
   */
  static Future<Cluster> open(ClusterManager manager, String name) {
    CommitLog log =
        new ZookeeperLog(
            ((ZookeeperClusterManager) manager).getCuratorFramework(), "/shield/" + name);
    return Future.succeededFuture(
        new Cluster(log, Membership.undecisive(manager::getNodes), List.of()));
  }
}
