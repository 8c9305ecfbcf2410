package io.shield.backend.cluster.impl;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.infinispan.configuration.cache.ClusteringConfiguration;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.protocols.BasicTCP;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.FailureDetection;
import org.jgroups.protocols.MPING;
import org.jgroups.protocols.PING;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;

/** A cluster of Infinispan. */
final class InfinispanCluster {
  /** Where the protocol that finds lost members is none that is known. */
  private static final Duration DETECTION = Duration.ofSeconds(60);

  /** As many copies survive the loss of two members at once. */
  private static final int OWNERS = 3;

  private static final int DEFAULT_PORT = 7800;
  private static final String DEFAULT_CLUSTER_NAME = "ISPN";

  private InfinispanCluster() {}

  /**
   * The cluster of a started manager.
   *
   * @param map the name of the log's map
   */
  static Cluster of(ClusterManager manager, String map, CommitLog log) {
    EmbeddedCacheManager caches =
        (EmbeddedCacheManager) ((InfinispanClusterManager) manager).getCacheContainer();
    Transport transport = caches.getCache(map).getAdvancedCache().getRpcManager().getTransport();
    List<Protocol> protocols = List.of();
    if (transport instanceof JGroupsTransport jgroups) {
      ProtocolStack stack = jgroups.getChannel().getProtocolStack();
      protocols = stack.getProtocols();
    }
    List<String> warnings =
        new ArrayList<>(
            warnings(
                caches.getCacheConfiguration(map).clustering(),
                caches.getCacheManagerConfiguration().transport().clusterName(),
                protocols));
    if (!caches.getCacheConfiguration(map).persistence().usingStores()) {
      warnings.add(Cluster.IN_MEMORY);
    }
    return new Cluster(
        log, Membership.of(manager::getNodes, detection(protocols)), List.copyOf(warnings));
  }

  private static Duration detection(List<Protocol> protocols) {
    for (Protocol protocol : protocols) {
      if (protocol instanceof FailureDetection beats) {
        return Duration.ofMillis(beats.getTimeout() + beats.getInterval());
      }
    }
    return DETECTION;
  }

  static List<String> warnings(
      ClusteringConfiguration map, String clusterName, List<Protocol> protocols) {
    List<String> found = new ArrayList<>();
    // A replicated cache has a copy on every member.
    if (!map.cacheMode().isReplicated() && map.hash().numOwners() < OWNERS) {
      found.add(
          "members that are lost at the same time can take acknowledged changes with them (set"
              + " owners of __vertx.distributed.cache.configuration to 3)");
    }
    if (map.partitionHandling().whenSplit() != PartitionHandling.DENY_READ_WRITES) {
      found.add(
          "both sides of a split cluster can be written (set partition-handling"
              + " when-split=\"DENY_READ_WRITES\" in __vertx.distributed.cache.configuration)");
    }
    if (clusterName.equals(DEFAULT_CLUSTER_NAME)) {
      found.add(
          "strangers with the default cluster name join this cluster (set a name of its own)");
    }
    for (Protocol protocol : protocols) {
      if (protocol instanceof Discovery
          && (protocol instanceof MPING || protocol instanceof PING)) {
        found.add("members find each other by multicast (name their addresses in TCPPING instead)");
      }
      if (protocol instanceof BasicTCP tcp && !tcp.tcpNodelay()) {
        found.add("every change waits for delayed acknowledgements (set tcp_nodelay in JGroups)");
      }
      if (protocol instanceof BasicTCP tcp
          && tcp.getBindPort() == DEFAULT_PORT
          && tcp.getBindAddress() != null
          && tcp.getBindAddress().isLoopbackAddress()) {
        found.add(
            "strangers on this host listen at the default port too, and join (set a bind_port of"
                + " its own)");
      }
    }
    return List.copyOf(found);
  }
}
