package io.shield.backend.cluster.impl;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cluster of Hazelcast. */
final class HazelcastCluster {
  private static final String NO_HEARTBEAT = "hazelcast.max.no.heartbeat.seconds";
  private static final String HEARTBEAT = "hazelcast.heartbeat.interval.seconds";
  private static final int DEFAULT_NO_HEARTBEAT = 60;
  private static final int DEFAULT_HEARTBEAT = 5;

  /** As many copies survive the loss of two members at once. */
  private static final int BACKUPS = 2;

  private HazelcastCluster() {}

  /**
   * The cluster of a started manager.
   *
   * @param map the name of the log's map
   */
  static Cluster of(ClusterManager manager, String map, CommitLog log) {
    HazelcastInstance instance = ((HazelcastClusterManager) manager).getHazelcastInstance();
    Config config = instance.getConfig();
    int seconds =
        number(config, NO_HEARTBEAT, DEFAULT_NO_HEARTBEAT)
            + number(config, HEARTBEAT, DEFAULT_HEARTBEAT);
    Membership membership = Membership.of(() -> members(instance), Duration.ofSeconds(seconds));
    List<String> warnings = new ArrayList<>(warnings(config, map));
    if (!config.findMapConfig(map).getMapStoreConfig().isEnabled()) {
      warnings.add(Cluster.IN_MEMORY);
    }
    return new Cluster(log, membership, List.copyOf(warnings));
  }

  /** By their ids of the moment: who was cut off comes back under another. */
  private static List<String> members(HazelcastInstance instance) {
    return instance.getCluster().getMembers().stream()
        .filter(member -> !member.isLiteMember())
        .map(member -> member.getUuid().toString())
        .toList();
  }

  private static int number(Config config, String property, int otherwise) {
    String set = config.getProperty(property);
    String found = set == null ? System.getProperty(property) : set;
    try {
      return found == null ? otherwise : Integer.parseInt(found);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  static List<String> warnings(Config config, String map) {
    List<String> found = new ArrayList<>();
    MapConfig settings = config.findMapConfig(map);
    if (settings.getBackupCount() < BACKUPS) {
      found.add(
          "members that are lost at the same time can take acknowledged changes with them (set"
              + " backup-count of the map shield.* to 2)");
    }
    String protection = settings.getSplitBrainProtectionName();
    if (protection == null || protection.isEmpty()) {
      found.add(
          "both sides of a split cluster can be written (set split-brain-protection-ref of the map"
              + " shield.*)");
    } else if (!protects(config.getSplitBrainProtectionConfigs().get(protection))) {
      found.add(
          "both sides of a split cluster can be written (split-brain-protection "
              + protection
              + " must exist, be enabled and protect writes)");
    }
    if (config.getClusterName().equals(Config.DEFAULT_CLUSTER_NAME)) {
      found.add(
          "strangers with the default cluster-name join this cluster (set a name of its own)");
    }
    JoinConfig join = config.getNetworkConfig().getJoin();
    if (join.getMulticastConfig().isEnabled() || join.isAutoDetectionEnabled()) {
      found.add("members find each other by multicast (name their addresses in tcp-ip instead)");
    }
    if (isDefaultOnThisHost(config.getNetworkConfig())) {
      found.add(
          "strangers on this host listen at the default port too, and join (set a port of its own)");
    }
    return List.copyOf(found);
  }

  /** With fewer than two members as the minimum Hazelcast does not start. */
  private static boolean protects(@Nullable SplitBrainProtectionConfig protection) {
    return protection != null
        && protection.isEnabled()
        && protection.getProtectOn() != SplitBrainProtectionOn.READ;
  }

  private static boolean isDefaultOnThisHost(NetworkConfig network) {
    TcpIpConfig members = network.getJoin().getTcpIpConfig();
    return members.isEnabled()
        && network.getPort() == NetworkConfig.DEFAULT_PORT
        && members.getMembers().stream().allMatch(HazelcastCluster::isOnThisHost);
  }

  private static boolean isOnThisHost(String member) {
    return member.startsWith("127.") || member.startsWith("localhost") || member.contains("::1");
  }
}
