package io.shield.history;

import static org.awaitility.Awaitility.await;

import io.shield.Store.Status.Condition;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.At;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.DataLost;
import io.shield.fixtures.history.HistoryEvent.Held;
import io.shield.fixtures.history.HistoryEvent.Line;
import io.shield.fixtures.history.HistoryEvent.NewEpoch;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.Marks;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One run: nodes change a real Redis, faults are injected, at intervals all becomes quiet and is
 * recorded, and then the store loses data until an operator decides.
 */
final class HistoryRun implements AutoCloseable {
  private static final int NODES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Random random;
  private final Vertx vertx;
  private final RedisDisk redis;
  private final Recorder recorder;
  private final List<Slot> slots = new ArrayList<>();
  private final Storm storm;
  private long auditedTo;

  HistoryRun(Vertx vertx, Path directory, Path log, long seed) throws Exception {
    this.vertx = vertx;
    this.random = new Random(seed);
    this.recorder = new Recorder(log);
    this.redis = RedisDisk.start(directory);
    for (int i = 0; i < NODES; i++) {
      Path own = Files.createDirectory(directory.resolve("node" + i));
      FaultProxy proxy = FaultProxy.start(vertx, redis.process().port(), random.nextLong());
      slots.add(new Slot(i, own, proxy, recorder, random.nextLong()));
    }
    this.storm = new Storm(random, redis, slots);
  }

  /**
   * Runs for about so long, at least until the store lost data once in each way and so many changes
   * were accepted: on a slow machine that takes longer.
   */
  List<HistoryEvent> run(Duration duration, Duration chapter, int accepted) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    for (Slot slot : slots) {
      slot.start();
    }
    becomeQuiet();
    for (int i = 0; i < 2 || System.nanoTime() < end; i++) {
      redis.dump();
      At dumped = slots.get(0).node().status().at();
      storm(chapter);
      loseData(i % 2 == 0, i < 2 ? i == 0 : random.nextBoolean(), dumped);
    }
    do {
      storm(chapter);
    } while (recorder.count(Accepted.class::isInstance) < accepted);
    return recorder.events();
  }

  private void storm(Duration duration) throws Exception {
    all("write");
    storm.rage(duration);
    all("rest");
    becomeQuiet();
  }

  private void all(String command) {
    slots.forEach(slot -> slot.node().send(command));
  }

  private static void eventually(String what, Callable<Boolean> condition) {
    await(what).pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(condition);
  }

  private boolean everybody(Predicate<NodeStatus> condition) {
    return slots.stream().allMatch(slot -> condition.test(slot.node().status()));
  }

  /** Waits until nothing happens and all agree; records what everybody holds. */
  private void becomeQuiet() throws Exception {
    eventually("all nodes rest", () -> everybody(NodeStatus::isResting));
    eventually("all nodes agree with the store", this::allAgree);
    for (Slot slot : slots) {
      long before = slot.node().count(Held.class::isInstance);
      slot.node().send("hold");
      eventually("it is recorded", () -> slot.node().count(Held.class::isInstance) > before);
    }
    recordStore();
  }

  private boolean allAgree() throws Exception {
    At first = slots.get(0).node().status().at();
    return everybody(s -> s.condition() == Condition.READY && s.at().equals(first))
        && first.equals(redis.at());
  }

  private void recordStore() throws Exception {
    RedisBackend backend =
        RedisBackend.create(new RedisBackendOptions().setUrl(redis.process().url()));
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
      get(backend.shutdown());
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** The store loses data; nodes refuse to follow and to write, until an operator decides. */
  private void loseData(boolean everything, boolean reseed, At dumped) throws Exception {
    At before = slots.get(0).node().status().at();
    List<String> readers = slots.stream().map(slot -> slot.node().name()).toList();
    String how = everything ? "emptied" : "restarted from an older dump";
    recorder.add(new DataLost(HistoryEvent.STORE, how, readers));
    if (everything) {
      redis.empty();
    } else {
      redis.restartFromDump();
    }
    all("write");
    for (Slot slot : slots) {
      eventually(
          slot.node().name() + " says that the store was " + how,
          () -> slot.node().status().condition() == Condition.DISTRUSTED);
      long refused = slot.node().count(Refused.class::isInstance);
      eventually(
          slot.node().name() + " refuses changes",
          () -> slot.node().count(Refused.class::isInstance) > refused + 2);
    }
    all("rest");
    eventually("all nodes rest", () -> everybody(NodeStatus::isResting));
    if (!everybody(status -> status.at().equals(before))) {
      throw new AssertionError("a node followed a store that was " + how);
    }
    decide(reseed, before, everything ? new At(before.epoch(), 0, "") : dumped);
  }

  private void decide(boolean reseed, At before, At found) throws Exception {
    slots.get(random.nextInt(slots.size())).node().send(reseed ? "reseed" : "adopt");
    eventually("there is a new epoch", () -> everybody(s -> isNew(s, before)));
    eventually("all nodes agree with the store", this::allAgree);
    At now = slots.get(0).node().status().at();
    recorder.add(new NewEpoch(HistoryEvent.STORE, now.epoch(), reseed ? before : found, reseed));
    // What is older was written in another epoch.
    auditedTo = now.revision();
    becomeQuiet();
  }

  private static boolean isNew(NodeStatus status, At before) {
    return status.condition() == Condition.READY && !status.at().epoch().equals(before.epoch());
  }

  /** How often each fault was injected. */
  String summary() {
    return storm.summary();
  }

  @Override
  public void close() throws IOException {
    for (Slot slot : slots) {
      slot.close();
    }
    redis.close();
    recorder.close();
  }
}
