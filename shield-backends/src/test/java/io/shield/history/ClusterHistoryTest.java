package io.shield.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.Store.Status.Condition;
import io.shield.backend.cluster.HazelcastMember;
import io.shield.fixtures.Seeds;
import io.shield.fixtures.history.HistoryChecker;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.Alarm;
import io.shield.fixtures.history.HistoryEvent.At;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.Held;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three members of a Hazelcast cluster as it is recommended, in processes of their own, whose
 * clients change the state while one or two members are killed, all are restarted one after the
 * other, and the network is cut: no history breaks an invariant. Only with {@code
 * -Dshield.cluster.kills=N}, which kills so often, and {@code -Dshield.cluster.splits=N}, which
 * cuts so often: it takes minutes. The history is in {@code target/cluster-history.jsonl}
 * afterwards.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES) // As long as the longest run that is documented.
@EnabledIf("isAskedFor")
class ClusterHistoryTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterHistoryTest.class);
  private static final int KILLS = Integer.getInteger("shield.cluster.kills", 0);
  private static final int SPLITS = Integer.getInteger("shield.cluster.splits", 0);
  private static final int MEMBERS = 3;
  private static final int SOME = 10;

  private final String cluster = "test-" + UUID.randomUUID();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private Hosts hosts;
  private Recorder recorder;
  private Random random;
  private Path directory;
  private Path log;
  private int started;
  private long auditedTo;

  @BeforeEach
  void start(@TempDir Path temporary) throws Exception {
    random = new Random(Seeds.next("ClusterHistoryTest"));
    directory = temporary;
    log = Files.createDirectories(Path.of("target")).resolve("cluster-history.jsonl");
    Files.deleteIfExists(log);
    recorder = new Recorder(log);
    hosts = Hosts.of(MEMBERS);
    for (int i = 0; i < MEMBERS; i++) {
      nodes.add(process(i));
    }
    becomeQuiet();
  }

  @AfterEach
  void stop() throws Exception {
    nodes.forEach(NodeProcess::close);
    hosts.close();
    recorder.close();
  }

  @Test
  void nothingIsLostWhateverBecomesOfMembers() throws Exception {
    all("write");
    someMoreAccepted();
    for (int kill = 0; kill < KILLS; kill++) {
      int first = random.nextInt(MEMBERS);
      if (kill % 2 == 0) {
        kill(List.of(first));
      } else {
        kill(List.of(first, (first + 1) % MEMBERS));
      }
    }
    for (int place = 0; place < MEMBERS; place++) {
      restart(place);
    }
    rest();
    if (hosts.canSplit()) {
      for (int split = 0; split < SPLITS; split++) {
        split(random.nextInt(MEMBERS));
      }
    } else {
      LOG.warn("no network namespaces can be made here: the network was not cut");
    }

    List<HistoryEvent> history = recorder.events();
    LOG.warn(
        "{} kills, {} restarts, {} splits: {} changes accepted, {} refused, {} unknown, {} alarms",
        KILLS,
        MEMBERS,
        hosts.canSplit() ? SPLITS : 0,
        recorder.count(Accepted.class::isInstance),
        recorder.count(Refused.class::isInstance),
        recorder.count(Unknown.class::isInstance),
        recorder.count(Alarm.class::isInstance));
    assertThat(HistoryChecker.check(history)).as("broken; the history is in " + log).isEmpty();
    assertThat(history).noneMatch(Alarm.class::isInstance);
  }

  static boolean isAskedFor() {
    return KILLS + SPLITS > 0;
  }

  private NodeProcess process(int place) throws Exception {
    Path own = Files.createDirectories(directory.resolve("node" + place));
    String name = "n" + place + "." + started++;
    String url = new HazelcastMember(cluster, hosts.addresses(), place).toString();
    return NodeProcess.start(hosts.at(place), name, url, own, random.nextLong(), recorder);
  }

  /** Another one in its place, which joins while the others write. */
  private void replace(int place) throws Exception {
    nodes.set(place, process(place));
    nodes.get(place).send("write");
  }

  /** Kills at the same moment; lets the others go on for a while, and starts others. */
  private void kill(List<Integer> places) throws Exception {
    CompletableFuture<?>[] kills =
        places.stream()
            .map(place -> CompletableFuture.runAsync(nodes.get(place)::kill))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(kills).get(60, TimeUnit.SECONDS);
    if (places.size() == 1) {
      someMoreAccepted();
    }
    for (int place : places) {
      replace(place);
    }
    for (int place : places) {
      acceptsAgain(nodes.get(place).name());
    }
  }

  /** As a deployment does. */
  private void restart(int place) throws Exception {
    nodes.get(place).send("leave");
    nodes.get(place).awaitEnd();
    replace(place);
    acceptsAgain(nodes.get(place).name());
  }

  /** One is alone, the others go on; what it could not write is not lost when they meet again. */
  private void split(int alone) throws Exception {
    all("write");
    someMoreAccepted();
    hosts.cutOff(alone);
    for (int place = 0; place < MEMBERS; place++) {
      if (place != alone) {
        acceptsAgain(nodes.get(place).name());
      }
    }
    hosts.heal(alone);
    acceptsAgain(nodes.get(alone).name());
    rest();
  }

  private void rest() throws Exception {
    all("rest");
    becomeQuiet();
  }

  private void all(String command) {
    nodes.forEach(node -> node.send(command));
  }

  private void acceptsAgain(String name) {
    long before = accepted(name);
    eventually(name + " accepts changes", () -> accepted(name) > before + 2);
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
    await(what).pollInterval(Duration.ofMillis(20)).atMost(Duration.ofMinutes(3)).until(condition);
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
    eventually("all nodes rest and agree", () -> everybody(NodeStatus::isResting) && allAgree());
    for (NodeProcess node : nodes) {
      long before = node.count(Held.class::isInstance);
      node.send("hold");
      eventually("it is recorded", () -> node.count(Held.class::isInstance) > before);
    }
    long before = recorder.count(AuditRead.class::isInstance);
    nodes.get(random.nextInt(MEMBERS)).send("store " + auditedTo);
    eventually("it is recorded", () -> recorder.count(AuditRead.class::isInstance) > before);
    auditedTo = nodes.get(0).status().at().revision();
  }
}
