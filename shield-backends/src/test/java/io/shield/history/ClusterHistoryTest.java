package io.shield.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.StoreStatus.Condition;
import io.shield.backend.cluster.ClusterBackend;
import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.backend.cluster.HazelcastMember;
import io.shield.fixtures.Seeds;
import io.shield.fixtures.history.HistoryChecker;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.At;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.Held;
import io.shield.fixtures.history.HistoryEvent.Line;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import io.shield.fixtures.history.Marks;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three members in processes of their own, of which one or two are killed while clients change the
 * state: no history breaks an invariant. {@code -Dshield.cluster.kills=N} kills so often; the
 * history is in {@code target/cluster-history.jsonl} afterwards.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES) // As long as the longest run that is documented.
class ClusterHistoryTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterHistoryTest.class);
  private static final int KILLS = Integer.getInteger("shield.cluster.kills", 2);
  private static final int MEMBERS = 3;
  private static final int SOME = 15;

  private final List<NodeProcess> nodes = new ArrayList<>();
  private HazelcastMember member;
  private Recorder recorder;
  private Random random;
  private Path directory;
  private int started;
  private long auditedTo;

  @AfterEach
  void stop() throws Exception {
    nodes.forEach(NodeProcess::close);
    recorder.close();
  }

  @Test
  void nothingIsLostWithOneOrTwoMembers(@TempDir Path temporary) throws Exception {
    random = new Random(Seeds.next("ClusterHistoryTest"));
    directory = temporary;
    Path log = Files.createDirectories(Path.of("target")).resolve("cluster-history.jsonl");
    Files.deleteIfExists(log);
    recorder = new Recorder(log);
    member = HazelcastMember.ofNewCluster(MEMBERS + 1);
    for (int i = 0; i < MEMBERS; i++) {
      start(i);
    }
    becomeQuiet();

    for (int kill = 0; kill < KILLS; kill++) {
      nodes.forEach(node -> node.send("write"));
      someMoreAccepted();
      int first = random.nextInt(MEMBERS);
      if (kill % 2 == 0) {
        kill(List.of(first));
        someMoreAccepted();
      } else {
        kill(List.of(first, (first + 1) % MEMBERS));
      }
      someMoreAccepted();
      nodes.forEach(node -> node.send("rest"));
      becomeQuiet();
    }

    List<HistoryEvent> history = recorder.events();
    LOG.warn(
        "{} kills, {} changes accepted, {} unknown",
        KILLS,
        recorder.count(Accepted.class::isInstance),
        recorder.count(Unknown.class::isInstance));
    assertThat(HistoryChecker.check(history)).as("broken; the history is in " + log).isEmpty();
  }

  private void start(int place) throws Exception {
    Path own = Files.createDirectories(directory.resolve("node" + place));
    String name = "n" + place + "." + started++;
    NodeProcess node =
        NodeProcess.start(name, member.at(place).toString(), own, random.nextLong(), recorder);
    if (place < nodes.size()) {
      nodes.set(place, node);
    } else {
      nodes.add(node);
    }
  }

  /** Kills at the same moment; lets the others go on for a while, and starts others. */
  private void kill(List<Integer> places) throws Exception {
    CompletableFuture<?>[] kills =
        places.stream()
            .map(place -> CompletableFuture.runAsync(nodes.get(place)::kill))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(kills).get(30, TimeUnit.SECONDS);
    if (places.size() == 1) {
      int survivor = (places.get(0) + 1) % MEMBERS;
      String name = nodes.get(survivor).name();
      eventually("the others go on", () -> accepted(name) > 0);
    }
    for (int place : places) {
      start(place);
      nodes.get(place).send("write");
    }
  }

  private long accepted(String name) {
    return recorder.count(e -> e instanceof Accepted && e.node().equals(name));
  }

  private void someMoreAccepted() {
    long before = recorder.count(Accepted.class::isInstance);
    eventually(
        "changes are accepted", () -> recorder.count(Accepted.class::isInstance) >= before + SOME);
  }

  private static void eventually(String what, Callable<Boolean> condition) {
    await(what)
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofMinutes(2))
        .until(condition);
  }

  private boolean everybody(Predicate<NodeStatus> condition) {
    return nodes.stream().allMatch(node -> condition.test(node.status()));
  }

  private boolean allAgree() {
    At first = nodes.get(0).status().at();
    return everybody(s -> s.condition() == Condition.READY && s.at().equals(first));
  }

  /** Waits until nothing happens and all agree; records what everybody holds. */
  private void becomeQuiet() throws Exception {
    eventually("all nodes rest", () -> everybody(NodeStatus::isResting));
    eventually("all nodes agree", this::allAgree);
    for (NodeProcess node : nodes) {
      long before = node.count(Held.class::isInstance);
      node.send("hold");
      eventually("it is recorded", () -> node.count(Held.class::isInstance) > before);
    }
    recordStore();
  }

  /** Through one more member, which is there only for this. */
  private void recordStore() throws Exception {
    Vertx vertx = get(member.at(MEMBERS).start());
    ClusterBackend backend =
        ClusterBackend.create(
            new ClusterBackendOptions().setMembers(MEMBERS).setAuditLimit(HistoryNode.AUDIT_LIMIT),
            InstantSource.system());
    try {
      get(backend.startup(vertx));
      Snapshot snapshot = get(backend.load());
      recorder.add(Marks.held(HistoryEvent.STORE, snapshot));
      List<Line> lines =
          get(backend.auditLog(AuditQuery.newest(HistoryNode.AUDIT_LIMIT))).stream()
              .map(Marks::line)
              .filter(line -> line.revision() > auditedTo)
              .toList();
      At at = Marks.at(snapshot.head());
      recorder.add(new AuditRead(HistoryEvent.STORE, at, auditedTo, lines));
      auditedTo = at.revision();
    } finally {
      get(vertx.close());
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
