package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.Store.Status.Condition;
import io.shield.backend.redis.RedisProcess;
import io.shield.backend.server.ServerBackend;
import io.shield.backend.server.ServerBackendOptions;
import io.shield.fixtures.Seeds;
import io.shield.fixtures.history.HistoryChecker;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.Line;
import io.shield.fixtures.history.Marks;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server is killed while the processes of a service ask it for changes; what all of them saw is
 * judged. {@code -Dshield.server.kills=N} kills it so often.
 */
class FleetHistoryTest {
  private static final int KILLS = Integer.getInteger("shield.server.kills", 2);
  private static final int NODES = 5;
  private static final int CHANGES = 20;
  private static final int AUDIT_LIMIT = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Random random = Seeds.random("FleetHistoryTest");
  private final Vertx vertx = Vertx.vertx();
  private final List<HistoryEvent> history = Collections.synchronizedList(new ArrayList<>());
  private final List<FleetNode> nodes = new ArrayList<>();
  private ServerProcess server;
  private long auditedTo;

  @TempDir Path directory;

  @AfterEach
  void stop() {
    nodes.forEach(FleetNode::close);
    vertx.close().toCompletionStage().toCompletableFuture().join();
    if (server != null) {
      server.close();
    }
  }

  @Test
  void everybodySawTheSame() throws Exception {
    String file = directory.resolve("state.json").toString();
    server =
        ServerProcess.start(
            RedisProcess.freePort(), directory, "--backend", "file", "--file", file);
    for (int i = 0; i < NODES; i++) {
      Path cache = directory.resolve("cache" + i);
      nodes.add(new FleetNode("node" + i, server.url(), cache, random.nextLong(), history::add));
    }
    becomeQuiet();
    for (int kill = 0; kill < KILLS; kill++) {
      nodes.forEach(node -> node.write(true));
      changesAreAccepted();
      server.kill();
      eventually("all notice", () -> everybodyIs(Condition.UNREACHABLE));
      server.restart();
      changesAreAccepted();
      nodes.forEach(node -> node.write(false));
      becomeQuiet();
    }
    assertThat(HistoryChecker.check(List.copyOf(history))).isEmpty();
  }

  private void changesAreAccepted() {
    int before = accepted();
    eventually("changes are accepted", () -> accepted() > before + CHANGES);
  }

  private int accepted() {
    return nodes.stream().mapToInt(FleetNode::accepted).sum();
  }

  private boolean everybodyIs(Condition condition) {
    return nodes.stream().allMatch(node -> node.engine().store().status().condition() == condition);
  }

  private static void eventually(String what, Callable<Boolean> condition) {
    await(what).pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(condition);
  }

  /** Waits until nothing happens and all agree; records what everybody holds. */
  private void becomeQuiet() throws Exception {
    eventually("all rest", () -> nodes.stream().allMatch(FleetNode::isResting));
    ShieldBackend store =
        ServerBackend.create(
            new ServerBackendOptions()
                .setUrls(List.of(server.url()))
                .setService(FleetNode.SERVICE));
    try {
      get(store.startup(vertx));
      eventually("all agree", () -> agree(get(store.head())));
      nodes.forEach(FleetNode::hold);
      Snapshot snapshot = get(store.load());
      history.add(Marks.held(HistoryEvent.STORE, snapshot));
      List<Line> lines =
          get(store.auditLog(AuditQuery.newest(AUDIT_LIMIT))).stream()
              .map(Marks::line)
              .filter(line -> line.revision() > auditedTo)
              .toList();
      history.add(new AuditRead(HistoryEvent.STORE, Marks.at(snapshot.head()), auditedTo, lines));
      auditedTo = snapshot.head().revision();
    } finally {
      get(store.shutdown());
    }
  }

  private boolean agree(Head head) {
    return everybodyIs(Condition.READY)
        && nodes.stream().allMatch(node -> node.head().equals(head));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
