package io.shield.backend.cluster.impl;

import io.shield.error.ShieldException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as far as a store needs it.
 *
 * @param log its log
 * @param membership its members
 * @param warnings what its configuration puts at risk
 */
record Cluster(CommitLog log, Membership membership, List<String> warnings) {
  /** What is said of a cluster that keeps nothing on disk. */
  static final String IN_MEMORY =
      "the store is in the memory of the members only: when all have stopped, what each has in"
          + " SHIELD_CACHE_DIR is all there is (shield store reseed)";

  private static final String HAZELCAST = "io.vertx.spi.cluster.hazelcast.HazelcastClusterManager";
  private static final String INFINISPAN =
      "io.vertx.ext.cluster.infinispan.InfinispanClusterManager";
  private static final String ZOOKEEPER = "io.vertx.spi.cluster.zookeeper.ZookeeperClusterManager";

  /** Why no store can be kept by a Vert.x; null if one can. */
  static @Nullable String refusal(Vertx vertx) {
    if (!vertx.isClustered()) {
      return "the cluster backend needs a clustered Vert.x (Vertx.builder().buildClustered()), this"
          + " one is not";
    }
    ClusterManager manager = ((VertxInternal) vertx).clusterManager();
    return kind(manager) == null
        ? "the cluster manager "
            + manager.getClass().getName()
            + " is not known to write a value only once: the cluster backend works with those of"
            + " vertx-hazelcast, vertx-infinispan and vertx-zookeeper"
        : null;
  }

  /** Which of the known managers it is, subclasses included. */
  private static @Nullable String kind(ClusterManager manager) {
    for (Class<?> type = manager.getClass(); type != null; type = type.getSuperclass()) {
      String name = type.getName();
      if (List.of(HAZELCAST, INFINISPAN, ZOOKEEPER).contains(name)) {
        return name;
      }
    }
    return null;
  }

  /**
   * Opens the cluster of a Vert.x.
   *
   * @param name of the store
   * @param limitMillis how long each answer is waited for
   */
  static Future<Cluster> open(Vertx vertx, String name, long limitMillis) {
    String refusal = refusal(vertx);
    if (refusal != null) {
      return Future.failedFuture(new ShieldException(refusal));
    }
    ClusterManager manager = ((VertxInternal) vertx).clusterManager();
    String kind = String.valueOf(kind(manager));
    if (kind.equals(ZOOKEEPER)) {
      return ZookeeperCluster.open(manager, name);
    }
    String map = "shield." + name;
    return vertx
        .sharedData()
        .<String, String>getClusterWideMap(map)
        .timeout(limitMillis, TimeUnit.MILLISECONDS)
        .<Cluster>map(
            shared ->
                kind.equals(HAZELCAST)
                    ? HazelcastCluster.of(manager, map, new MapLog(shared))
                    : InfinispanCluster.of(manager, map, new MapLog(shared)))
        .compose(cluster -> cluster.probe(limitMillis));
  }

  /** Sees for itself that of two who write the same key one succeeds. */
  private Future<Cluster> probe(long limitMillis) {
    String key = "probe:" + UUID.randomUUID();
    Future<@Nullable String> one = log.putIfAbsent(key, "one");
    Future<@Nullable String> two = log.putIfAbsent(key, "two");
    return Future.all(one, two)
        .timeout(limitMillis, TimeUnit.MILLISECONDS)
        .compose(
            both -> {
              log.remove(key);
              boolean single =
                  one.result() == null
                      ? "one".equals(two.result())
                      : two.result() == null && "two".equals(one.result());
              return single
                  ? Future.succeededFuture(this)
                  : Future.failedFuture(
                      new ShieldException(
                          "of two members that wrote the same key in the cluster both were told"
                              + " that they succeeded: it cannot keep a store"));
            });
  }
}
