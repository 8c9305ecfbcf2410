package io.shield.backend.cluster;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.zookeeper.ZookeeperClusterManager;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on two members of a ZooKeeper server; each store has a name of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZookeeperContractTest extends BackendContract {
  private final AtomicInteger stores = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final List<Vertx> nodes = new ArrayList<>();
  private TestingServer server;

  @BeforeAll
  void start() throws Exception {
    server = new TestingServer();
    for (int i = 0; i < 2; i++) {
      JsonObject config =
          new JsonObject()
              .put("zookeeperHosts", server.getConnectString())
              .put("rootPath", "io.vertx")
              .put("sessionTimeout", 20_000)
              .put("connectTimeout", 20_000)
              .put("retry", new JsonObject().put("initialSleepTime", 100).put("maxTimes", 3));
      nodes.add(
          Vertx.builder()
              .with(
                  new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
              .withClusterManager(new ZookeeperClusterManager(config))
              .buildClustered()
              .await(60, TimeUnit.SECONDS));
    }
  }

  @AfterAll
  void stop() throws Exception {
    for (Vertx node : nodes) {
      node.close().await(60, TimeUnit.SECONDS);
    }
    server.close();
  }

  @Test
  void tenThousandRoutesAreOneCommitInPieces() throws Exception {
    Supplier<ShieldBackend> store = newStore();
    String path = "/io.vertx/shield/store" + stores.get();
    ManyRoutes.check(vertx(), store, () -> texts(path));
  }

  private Collection<String> texts(String path) {
    List<String> texts = new ArrayList<>();
    try (CuratorFramework client =
        CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryOneTime(100))) {
      client.start();
      for (String key : client.getChildren().forPath(path)) {
        byte[] data = client.getData().forPath(path + "/" + key);
        texts.add(new String(data, StandardCharsets.UTF_8));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return texts;
  }

  @Override
  protected Supplier<ShieldBackend> newStore() {
    ClusterBackendOptions options =
        new ClusterBackendOptions().setName("store" + stores.incrementAndGet());
    return () ->
        ClusterBackend.create(nodes.get(opened.getAndIncrement() % nodes.size()), options, clock);
  }
}
