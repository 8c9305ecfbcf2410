package io.shield.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Three members of which one goes, without a word, at the edge of a window. */
class ClusterEdgesTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static void awaitTrue(Callable<Boolean> condition) {
    await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(condition);
  }

  private static List<AuditEntry> edges(ShieldEngine engine) {
    return get(engine.audit().newest(100)).stream()
        .filter(entry -> entry.actor().equals("scheduler"))
        .toList();
  }

  @Test
  void anEdgeIsAnnouncedOnceThoughAMemberGoesAtIt() throws Exception {
    HazelcastNodes nodes = HazelcastNodes.start(3, 3);
    List<ShieldEngine> engines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ShieldOptions options =
          new ShieldOptions()
              .setName("edges")
              .putSetting("SHIELD_CACHE_DIR", "off")
              .setBackend(ClusterBackend.create(new ClusterBackendOptions()));
      ShieldEngine engine = ShieldEngine.create(nodes.node(i), options);
      get(engine.start());
      engines.add(engine);
    }
    ShieldEngine one = engines.get(0);
    get(one.register(List.of(RouteState.active("GET:/a"))));
    Instant start = Instant.now().plusSeconds(5);
    MaintenanceWindow window = new MaintenanceWindow(start, start.plusSeconds(3), "swap");
    get(one.routes().schedule("GET:/a", ALICE, window));
    awaitTrue(() -> !Instant.now().isBefore(start));
    nodes.terminateLast();
    awaitTrue(() -> edges(one).size() == 2);
    assertThat(one.routes().get("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
    awaitTrue(() -> edges(engines.get(1)).size() == 2);
    get(one.close());
    get(engines.get(1).close());
    nodes.close();
  }
}
