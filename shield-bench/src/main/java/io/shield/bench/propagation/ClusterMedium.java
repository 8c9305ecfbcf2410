package io.shield.bench.propagation;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import io.shield.backend.cluster.ClusterBackend;
import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Three members of a Hazelcast cluster, set up as is recommended; messages go over the event bus
 * from the first to the second, and the bare write is a {@code putIfAbsent}.
 */
final class ClusterMedium implements Medium {
  private static final int MEMBERS = 3;
  private static final String ADDRESS = "bench";

  private final List<Vertx> members = new ArrayList<>();
  private final AsyncMap<String, String> map;

  ClusterMedium() throws Exception {
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
              .await(60, TimeUnit.SECONDS));
    }
    map =
        here()
            .sharedData()
            .<String, String>getClusterWideMap("shield.bare")
            .await(30, TimeUnit.SECONDS);
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

  @Override
  public Vertx here() {
    return members.get(0);
  }

  @Override
  public Vertx there() {
    return members.get(1);
  }

  @Override
  public ShieldBackend backend() {
    return ClusterBackend.create(new ClusterBackendOptions().setName("bench").setMembers(MEMBERS));
  }

  @Override
  public Future<Void> listen(Consumer<String> receiver) {
    return there()
        .eventBus()
        .<String>consumer(ADDRESS, message -> receiver.accept(message.body()))
        .completion();
  }

  @Override
  public Future<Void> send(String message) {
    here().eventBus().send(ADDRESS, message);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> write(String key, String value) {
    return map.putIfAbsent(key, value).mapEmpty();
  }

  @Override
  public void close() {
    for (Vertx member : members) {
      member.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
