package io.shield.bench.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import io.shield.backend.cluster.ClusterBackend;
import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Three members of a Hazelcast cluster in this process, set up as is recommended. */
public final class BenchCluster implements Closeable {
  private static final int MEMBERS = 3;

  private final List<Vertx> members = new ArrayList<>();

  /**
   * Starts them, one after the other.
   *
   * @throws IOException if there is no free port
   */
  public BenchCluster() throws IOException {
    String name = "bench-" + UUID.randomUUID();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        ports.add(socket.getLocalPort());
      }
    }
    for (int port : ports) {
      members.add(
          Vertx.builder()
              .with(
                  new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
              .withClusterManager(new HazelcastClusterManager(config(name, ports, port)))
              .buildClustered()
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(60, TimeUnit.SECONDS)
              .join());
    }
  }

  private static Config config(String name, List<Integer> ports, int port) {
    Config config = new Config().setClusterName(name);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config
        .getNetworkConfig()
        .setPort(port)
        .setPortAutoIncrement(false)
        .getInterfaces()
        .setEnabled(true)
        .addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    ports.forEach(each -> join.getTcpIpConfig().addMember("127.0.0.1:" + each));
    config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("two", true, 2));
    return config.addMapConfig(
        new MapConfig("shield.*").setBackupCount(2).setSplitBrainProtectionName("two"));
  }

  /**
   * A member.
   *
   * @param number 0 to 2
   */
  public Vertx member(int number) {
    return members.get(number);
  }

  /** What an engine on a member is given. */
  public static ShieldBackend backend() {
    return ClusterBackend.create(new ClusterBackendOptions().setName("bench").setMembers(MEMBERS));
  }

  /** Ends them. */
  @Override
  public void close() {
    for (Vertx member : members) {
      member.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
