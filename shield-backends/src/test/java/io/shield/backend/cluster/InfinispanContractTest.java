package io.shield.backend.cluster;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.infinispan.manager.DefaultCacheManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract on three members of Infinispan that are set up as docs/cluster.md says. */
@EnabledIfSystemProperty(
    named = "shield.infinispan",
    matches = "true",
    disabledReason = "run with -Dshield.infinispan=true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfinispanContractTest extends BackendContract {
  private final AtomicInteger stores = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final List<DefaultCacheManager> caches = new ArrayList<>();
  private final List<Vertx> nodes = new ArrayList<>();

  @BeforeAll
  void start() throws Exception {
    String cluster = "test-" + UUID.randomUUID();
    List<Integer> ports = List.of(freePort(9100), freePort(9300), freePort(9500));
    String hosts =
        ports.stream().map(port -> "127.0.0.1[" + port + "]").collect(Collectors.joining(","));
    for (int port : ports) {
      String config =
          ClusterPage.block("Infinispan")
              .replace("10.0.0.1[7800],10.0.0.2[7800],10.0.0.3[7800]", hosts)
              .replace("10.0.0.1", "127.0.0.1")
              .replace("\"7800\"", "\"" + port + "\"")
              .replace("my-shield", cluster);
      DefaultCacheManager manager =
          new DefaultCacheManager(
              new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
      caches.add(manager);
      nodes.add(
          Vertx.builder()
              .with(
                  new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
              .withClusterManager(new InfinispanClusterManager(manager))
              .buildClustered()
              .await(60, TimeUnit.SECONDS));
    }
  }

  /** Its failure detection listens 50000 ports further up. */
  private static int freePort(int from) throws IOException {
    for (int port = from; port < from + 200; port++) {
      try (ServerSocket one = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
          ServerSocket other =
              new ServerSocket(port + 50_000, 1, InetAddress.getLoopbackAddress())) {
        return Math.min(one.getLocalPort(), other.getLocalPort());
      } catch (IOException taken) {
        // The next one.
      }
    }
    throw new IOException("no port is free from " + from);
  }

  @AfterAll
  void stop() throws Exception {
    for (Vertx node : nodes) {
      node.close().await(60, TimeUnit.SECONDS);
    }
    for (DefaultCacheManager manager : caches) {
      manager.close();
    }
  }

  @Override
  protected Supplier<ShieldBackend> newStore() {
    ClusterBackendOptions options =
        new ClusterBackendOptions().setName("store" + stores.incrementAndGet());
    return () ->
        ClusterBackend.create(nodes.get(opened.getAndIncrement() % nodes.size()), options, clock);
  }
}
