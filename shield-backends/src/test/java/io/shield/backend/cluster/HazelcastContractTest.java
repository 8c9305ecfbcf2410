package io.shield.backend.cluster;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on three members of Hazelcast; each store has a name of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HazelcastContractTest extends BackendContract {
  private final AtomicInteger stores = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private HazelcastNodes nodes;

  @BeforeAll
  void start() throws Exception {
    nodes = HazelcastNodes.start(3, 3);
  }

  @AfterAll
  void stop() throws Exception {
    nodes.close();
  }

  @Test
  void tenThousandRoutesAreOneCommitInPieces() throws Exception {
    Supplier<ShieldBackend> store = newStore();
    String map = "shield.store" + stores.get();
    ManyRoutes.check(vertx(), store, () -> nodes.texts(map));
  }

  @Override
  protected Supplier<ShieldBackend> newStore() {
    ClusterBackendOptions options =
        new ClusterBackendOptions().setName("store" + stores.incrementAndGet());
    return () -> ClusterBackend.create(nodes.node(opened.getAndIncrement() % 3), options, clock);
  }
}
