package io.shield.backend.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * A place in a cluster of Hazelcast on this host; its text tells another process.
 *
 * @param cluster the cluster's name
 * @param ports where its members listen
 * @param place which of the ports is its own
 */
public record HazelcastMember(String cluster, List<Integer> ports, int place) {
  private static final String SCHEME = "cluster";

  /** A place in a cluster of at most so many members, which does not run yet. */
  public static HazelcastMember ofNewCluster(int most) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        ports.add(socket.getLocalPort());
      }
    }
    return new HazelcastMember("test-" + UUID.randomUUID(), ports, 0);
  }

  /** Another place in the same cluster. */
  public HazelcastMember at(int other) {
    return new HazelcastMember(cluster, ports, other);
  }

  /** Whether a text names a place. */
  public static boolean isPlace(String text) {
    return text.startsWith(SCHEME + ":");
  }

  /** Reads what {@link #toString} wrote. */
  public static HazelcastMember parse(String text) {
    String[] parts = text.split(":", -1);
    List<Integer> ports = Arrays.stream(parts[2].split(",", -1)).map(Integer::valueOf).toList();
    return new HazelcastMember(parts[1], ports, Integer.parseInt(parts[3]));
  }

  @Override
  public String toString() {
    List<String> all = ports.stream().map(String::valueOf).toList();
    return String.join(":", SCHEME, cluster, String.join(",", all), Integer.toString(place));
  }

  /** Starts the member. */
  public Future<Vertx> start() {
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
        .withClusterManager(
            new HazelcastClusterManager(HazelcastNodes.config(cluster, ports, ports.get(place))))
        .buildClustered();
  }
}
