package io.shield.bench.propagation;

import io.shield.bench.cluster.BenchCluster;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Hazelcast cluster; messages go over the event bus from the first to the second, and the bare
 * write is a {@code putIfAbsent}.
 */
final class ClusterMedium implements Medium {
  private static final String ADDRESS = "bench";

  private final BenchCluster cluster = new BenchCluster();
  private final AsyncMap<String, String> map;

  ClusterMedium() throws Exception {
    map =
        here()
            .sharedData()
            .<String, String>getClusterWideMap("shield.bare")
            .await(30, TimeUnit.SECONDS);
  }

  @Override
  public Vertx here() {
    return cluster.member(0);
  }

  @Override
  public Vertx there() {
    return cluster.member(1);
  }

  @Override
  public ShieldBackend backend() {
    return BenchCluster.backend();
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
    cluster.close();
  }
}
