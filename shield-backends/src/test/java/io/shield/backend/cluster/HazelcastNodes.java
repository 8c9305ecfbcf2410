package io.shield.backend.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Members of a Hazelcast cluster in this process, found by their addresses on the loopback. */
final class HazelcastNodes {
  private final String cluster = "test-" + UUID.randomUUID();
  private final List<Integer> ports = new ArrayList<>();
  private final List<HazelcastInstance> members = new ArrayList<>();
  private final List<Vertx> nodes = new ArrayList<>();

  private HazelcastNodes(int most) throws IOException {
    for (int i = 0; i < most; i++) {
      ports.add(freePort());
    }
  }

  /**
   * Starts a cluster.
   *
   * @param count how many members it has at first
   * @param most how many it may come to have
   */
  static HazelcastNodes start(int count, int most) throws Exception {
    HazelcastNodes made = new HazelcastNodes(most);
    for (int i = 0; i < count; i++) {
      made.add();
    }
    made.awaitReady();
    return made;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Returns when every member knows the others and has had an answer from the owner of each
   * partition: a test begins with a cluster that is warm, not with its first elections.
   */
  private void awaitReady() throws InterruptedException {
    for (HazelcastInstance member : members) {
      while (member.getCluster().getMembers().size() != members.size()
          || !member.getPartitionService().isClusterSafe()) {
        Thread.sleep(20);
      }
    }
    for (HazelcastInstance member : members) {
      IMap<Integer, Integer> map = member.getMap("warm");
      Set<Integer> asked = new HashSet<>();
      int all = member.getPartitionService().getPartitions().size();
      for (int key = 0; asked.size() < all; key++) {
        Partition partition = member.getPartitionService().getPartition(key);
        if (asked.add(partition.getPartitionId())) {
          map.put(key, key);
        }
      }
    }
  }

  /** Starts one more member. */
  Vertx add() throws Exception {
    HazelcastClusterManager manager =
        new HazelcastClusterManager(
            config(
                cluster,
                ports.stream().map(port -> HazelcastMember.LOOPBACK + ":" + port).toList(),
                nodes.size()));
    Vertx node =
        Vertx.builder()
            .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
            .withClusterManager(manager)
            .buildClustered()
            .await(60, TimeUnit.SECONDS);
    nodes.add(node);
    members.add(manager.getHazelcastInstance());
    return node;
  }

  /** The last member goes without a word. */
  void terminateLast() {
    members.remove(members.size() - 1).getLifecycleService().terminate();
    nodes.remove(nodes.size() - 1);
  }

  Vertx node(int number) {
    return nodes.get(number);
  }

  /** All values of a map of texts. */
  Collection<String> texts(String map) {
    return members.get(0).<String, String>getMap(map).values();
  }

  List<Vertx> all() {
    return nodes;
  }

  /** The configuration that is recommended, with short times. */
  static Config config(String cluster, List<String> addresses, int place) {
    String[] own = addresses.get(place).split(":", -1);
    Config config = new Config().setClusterName(cluster);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.partition.count", "31");
    // Members that start together need no time to find each other: they are named.
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "3");
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
    config
        .getNetworkConfig()
        .setPort(Integer.parseInt(own[1]))
        .setPortAutoIncrement(false)
        .getInterfaces()
        .setEnabled(true)
        .addInterface(own[0]);
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config
        .getNetworkConfig()
        .getJoin()
        .getTcpIpConfig()
        .setEnabled(true)
        .setConnectionTimeoutSeconds(1);
    config.getNetworkConfig().getJoin().getTcpIpConfig().setMembers(addresses);
    config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("two", true, 2));
    config.addMapConfig(
        new MapConfig("shield.*").setBackupCount(2).setSplitBrainProtectionName("two"));
    config.addMapConfig(new MapConfig("__vertx.*").setBackupCount(2));
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(2)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    return config;
  }

  void close() throws Exception {
    for (Vertx node : nodes) {
      node.close().await(60, TimeUnit.SECONDS);
    }
  }
}
