package io.shield.backend.cluster;

import com.hazelcast.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;

/**
 * A place in a cluster of Hazelcast on this host; its text tells another process.
 *
 * @param cluster the cluster's name
 * @param addresses where its members listen, as {@code host:port}
 * @param place which of them is its own
 */
public record HazelcastMember(String cluster, List<String> addresses, int place) {
  static final String LOOPBACK = "127.0.0.1";
  private static final String SCHEME = "cluster";

  /** Another place in the same cluster. */
  public HazelcastMember at(int other) {
    return new HazelcastMember(cluster, addresses, other);
  }

  /** Whether a text names a place. */
  public static boolean isPlace(String text) {
    return text.startsWith(SCHEME + ";");
  }

  /** Reads what {@link #toString} wrote. */
  public static HazelcastMember parse(String text) {
    String[] parts = text.split(";", -1);
    return new HazelcastMember(
        parts[1], List.of(parts[2].split(",", -1)), Integer.parseInt(parts[3]));
  }

  @Override
  public String toString() {
    return String.join(";", SCHEME, cluster, String.join(",", addresses), Integer.toString(place));
  }

  /** Starts the member. */
  public Future<Vertx> start() {
    Config config = HazelcastNodes.config(cluster, addresses, place);
    // As recommended: a process that gets no processor for a while is not taken for gone.
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "5");
    // Processes that start together each wait for the others, or there are several clusters.
    config.setProperty("hazelcast.wait.seconds.before.join", "5");
    String host = addresses.get(place).split(":", -1)[0];
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost(host)))
        .withClusterManager(new HazelcastClusterManager(config))
        .buildClustered();
  }
}
