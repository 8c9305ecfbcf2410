package io.shield.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.backend.cluster.ClusterBackend;
import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.backend.cluster.HazelcastMember;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that owns counters of a cluster is killed: others go on with a fresh window. */
class ClusterOwnerKilledTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int MEMBERS = 3;
  private static final int KEYS = 40;

  private final List<Vertx> machines = new ArrayList<>();
  private final List<SharedCounters> counters = new ArrayList<>();
  private NodeProcess owner;
  private Recorder recorder;

  @TempDir Path directory;

  @AfterEach
  void stop() throws Exception {
    owner.close();
    recorder.close();
    counters.forEach(each -> get(each.shutdown()));
    machines.forEach(vertx -> get(vertx.close()));
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static Demand demand(String policy, int count, int key) {
    LimitRule rule =
        LimitRule.of(RateLimitAlgorithm.FIXED_WINDOW, new RateLimit(count, Duration.ofDays(1)));
    return new Demand(new Limit(policy, null, KeyStrategy.IP, rule), "key" + key, 1, false, 0);
  }

  /** What the store says, or a failure, after which the request's policy decides. */
  private static Future<Answer> settled(SharedCounters member, Demand demand) {
    Future<Answer> asked = member.charge(List.of(demand));
    get(asked.transform(Future::succeededFuture));
    return asked;
  }

  /** Whether all members answer for a key, and how many of those in this process own it. */
  private int ownersHere(int key) {
    int here = 0;
    for (SharedCounters each : counters) {
      Future<Answer> asked = each.charge(List.of(demand("warm", 1_000_000, key)));
      here += asked.isComplete() && asked.succeeded() ? 1 : 0;
      if (get(asked.transform(Future::succeededFuture)).failed()) {
        return -1;
      }
    }
    return here;
  }

  private List<Integer> ownedElsewhere() {
    List<Integer> elsewhere = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      int here = ownersHere(key);
      if (here < 0 || here > 1) {
        return List.of();
      }
      if (here == 0) {
        elsewhere.add(key);
      }
    }
    return elsewhere;
  }

  @Test
  void itsKeysBeginAnewAtOthersAndNoRequestHangs() throws Exception {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        addresses.add("127.0.0.1:" + socket.getLocalPort());
      }
    }
    HazelcastMember member = new HazelcastMember("test-" + UUID.randomUUID(), addresses, 0);
    recorder = new Recorder(directory.resolve("history"));
    owner =
        NodeProcess.start(
            List.of(), "owner", member.at(MEMBERS - 1).toString(), directory, 1, recorder);
    for (int i = 0; i < MEMBERS - 1; i++) {
      Vertx vertx = get(member.at(i).start());
      machines.add(vertx);
      SharedCounters each = ClusterBackend.create(new ClusterBackendOptions()).sharedCounters();
      counters.add(each);
      get(each.startup(vertx));
    }
    List<Integer> its = new ArrayList<>();
    await("all three share")
        .atMost(PATIENCE)
        .until(
            () -> {
              its.addAll(ownedElsewhere());
              return !its.isEmpty();
            });
    for (int key : its) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                Future<Answer> asked = settled(counters.get(0), demand("once", 1, key));
                return asked.succeeded() && !asked.result().admitted();
              });
    }

    owner.kill();
    for (int key : its) {
      settled(counters.get(0), demand("once", 1, key));
    }

    await("the others share").atMost(PATIENCE).until(() -> ownedElsewhere().isEmpty());
    for (int key : its) {
      await("key " + key + " has an owner").atMost(PATIENCE).until(() -> ownersHere(key) == 1);
      int passed = 0;
      for (int i = 0; i < 4; i++) {
        Future<Answer> asked = settled(counters.get(i % 2), demand("again", 1, key));
        passed += asked.succeeded() && asked.result().admitted() ? 1 : 0;
      }
      assertThat(passed).isLessThanOrEqualTo(1);
    }
  }
}
