package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store.Status.Condition;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counters and states on a Redis Cluster of three masters: spread over the nodes, while slots move,
 * and without one of them. One cluster for all, since it takes a while to come together.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final RouteState PAYMENTS = RouteState.active("GET:/payments");
  private static final RouteState REPORTS = RouteState.active("GET:/reports");
  private static final Actor ALICE = Actor.of("alice", "cli");

  private final Vertx vertx = Vertx.vertx();
  private final List<SharedCounters> opened = new ArrayList<>();
  private final List<ShieldEngine> engines = new ArrayList<>();
  private RedisCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    cluster = RedisCluster.start(vertx, directory, 3);
  }

  @AfterAll
  void stop() {
    opened.forEach(counters -> get(counters.shutdown()));
    engines.forEach(engine -> get(engine.close()));
    get(vertx.close());
    cluster.close();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private RedisBackendOptions options() {
    return new RedisBackendOptions()
        .setTopology(RedisTopology.CLUSTER)
        .setHashTag("shield")
        .setUrls(cluster.urls());
  }

  private SharedCounters counters() {
    SharedCounters counters =
        RedisBackend.create(options().setCountersPerPolicy(true), InstantSource.system())
            .sharedCounters();
    opened.add(counters);
    get(counters.startup(vertx));
    return counters;
  }

  private static Demand demand(String policy, long cost) {
    LimitRule rule =
        LimitRule.of(RateLimitAlgorithm.FIXED_WINDOW, new RateLimit(1000, Duration.ofDays(1)));
    return new Demand(new Limit(policy, null, KeyStrategy.IP, rule), "key", cost, false, 0);
  }

  /** Asks until there is an answer: what comes late may be counted all the same. */
  private static Answer charge(SharedCounters counters, Demand... demands) {
    Answer[] answer = new Answer[1];
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              answer[0] = get(counters.charge(List.of(demands)).otherwise(e -> null));
              return answer[0] != null;
            });
    return answer[0];
  }

  private static long used(SharedCounters counters, String policy) {
    return 1000 - charge(counters, demand(policy, 0)).standings().get(0).remaining();
  }

  @Test
  void countersOfPoliciesAreSpreadAndShared() throws Exception {
    SharedCounters one = counters();
    SharedCounters two = counters();
    for (int i = 0; i < 6; i++) {
      String policy = "spread" + i;
      charge(one, demand(policy, 3));
      charge(two, demand(policy, 4));
      assertThat(used(one, policy)).isGreaterThanOrEqualTo(7).isEqualTo(used(two, policy));
    }
  }

  /** One of them has the keys by chance. */
  @Test
  void aNodeThatIsTakenForAServerAloneIsToldAtTheStart() {
    List<SharedCounters> alone = new ArrayList<>();
    for (String url : cluster.urls()) {
      SharedCounters counters =
          RedisBackend.create(new RedisBackendOptions().setUrl(url), InstantSource.system())
              .sharedCounters();
      opened.add(counters);
      alone.add(counters);
      get(counters.startup(vertx));
    }
    String told = " is a node of a Redis Cluster: set the topology";
    await()
        .atMost(PATIENCE)
        .until(() -> alone.stream().filter(each -> problem(each).contains(told)).count() == 2);
  }

  private static String problem(SharedCounters counters) {
    return String.valueOf(counters.problem());
  }

  /** Whether one request is counted in Redis. */
  private static boolean answers(SharedCounters counters, String policy) {
    return get(counters.charge(List.of(demand(policy, 1))).map(true).otherwise(false));
  }

  private String counter(int node, String policy) throws Exception {
    for (Response key : cluster.command(node, Command.KEYS, "*ratelimit:" + policy + "|*")) {
      return key.toString();
    }
    return "";
  }

  private int nodeOf(String policy) throws Exception {
    for (int node = 0; node < 3; node++) {
      if (!counter(node, policy).isEmpty()) {
        return node;
      }
    }
    throw new IllegalStateException("nobody counts " + policy);
  }

  /** Policies with a counter each; at least one on every node. */
  private Map<Integer, String> policiesByNode(SharedCounters counters, String name)
      throws Exception {
    Map<Integer, String> byNode = new HashMap<>();
    for (int i = 0; byNode.size() < 3; i++) {
      charge(counters, demand(name + i, 1));
      byNode.put(nodeOf(name + i), name + i);
    }
    return byNode;
  }

  @Test
  void aCounterGoesOnWhereItsSlotIsMovedTo() throws Exception {
    SharedCounters counters = counters();
    Map<Integer, String> others = policiesByNode(counters, "staying");
    charge(counters, demand("moving", 100));
    int from = nodeOf("moving");
    int to = (from + 1) % 3;
    int slot = cluster.slotOf(counter(from, "moving"));

    cluster.beginMove(slot, from, to);
    for (int i = 0; i < 10; i++) {
      // Neither node has all of its keys now, which is no fault of theirs.
      assertThat(answers(counters, "moving")).isFalse();
      charge(counters, demand(others.get(from), 1));
    }
    assertThat(problem(counters)).doesNotContain("TRYAGAIN", "ASK", "MOVED");
    while (cluster.moveKeys(slot, from, to, 100) > 0) {
      // More may have come meanwhile.
    }
    cluster.endMove(slot, to);

    assertThat(used(counters, "moving")).isGreaterThanOrEqualTo(100);
    assertThat(nodeOf("moving")).isEqualTo(to);
  }

  @Test
  void aNodeThatIsLostTakesItsOwnPoliciesOnly() throws Exception {
    SharedCounters counters = counters();
    Map<Integer, String> byNode = policiesByNode(counters, "lost");
    cluster.node(1).kill();
    try {
      await().atMost(PATIENCE).until(() -> !answers(counters, byNode.get(1)));
      String lost = ":" + cluster.node(1).port() + "/";
      await().atMost(PATIENCE).until(() -> problem(counters).contains(lost));
      for (int i = 0; i < 10; i++) {
        charge(counters, demand(byNode.get(0), 1));
        charge(counters, demand(byNode.get(2), 1));
        assertThat(answers(counters, byNode.get(1))).isFalse();
      }
    } finally {
      cluster.node(1).restart();
    }
    charge(counters, demand(byNode.get(1), 1));
    await().atMost(PATIENCE).until(() -> counters.problem() == null);
  }

  private ShieldEngine engine(String name, String... urls) {
    RedisBackendOptions options = options();
    if (urls.length > 0) {
      options.setUrls(List.of(urls));
    }
    ShieldEngine engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setName(name)
                .setBackend(RedisBackend.create(options))
                .putSetting("SHIELD_CACHE_DIR", "off")
                .setHeadInterval(Duration.ofMillis(100)));
    engines.add(engine);
    get(engine.register(List.of(PAYMENTS, REPORTS)));
    get(engine.start());
    // A start waits for a slow answer for a while only.
    await().atMost(PATIENCE).until(() -> engine.store().status().condition() == Condition.READY);
    return engine;
  }

  private static RouteStatus status(ShieldEngine engine) {
    RouteState state = engine.snapshot().state(PAYMENTS.path());
    return state == null ? RouteStatus.ACTIVE : state.status();
  }

  /** A change made through either is enforced by the other. */
  private static void assertTogether(ShieldEngine one, ShieldEngine two) {
    get(one.routes().disable(PAYMENTS.path(), ALICE, "stop"));
    await().atMost(PATIENCE).until(() -> status(two) == RouteStatus.DISABLED);
    get(two.routes().enable(PAYMENTS.path(), ALICE, ""));
    await().atMost(PATIENCE).until(() -> status(one) == RouteStatus.ACTIVE);
  }

  @Test
  void statesGoOnWhereTheirSlotIsMovedToAndNoOtherNodeIsNeeded() throws Exception {
    ShieldEngine one = engine("one", cluster.node(0).url());
    ShieldEngine two = engine("two", cluster.node(2).url());
    assertTogether(one, two);
    get(one.routes().disable(PAYMENTS.path(), ALICE, "stays closed"));
    await().atMost(PATIENCE).until(() -> status(two) == RouteStatus.DISABLED);
    int slot = cluster.slotOf("{shield}shield:meta:head");
    int from = cluster.ownerOf(slot);
    int to = (from + 1) % 3;

    cluster.beginMove(slot, from, to);
    int moved = cluster.moveKeys(slot, from, to, 3);
    assertThat(moved).isEqualTo(3);
    Future<RouteState> meanwhile = one.routes().disable(REPORTS.path(), ALICE, "too");
    for (int i = 0; i < 10; i++) {
      assertThat(status(two)).isEqualTo(RouteStatus.DISABLED);
      cluster.moveKeys(slot, from, to, 1);
    }
    while (cluster.moveKeys(slot, from, to, 100) > 0) {
      // More may have come meanwhile.
    }
    cluster.endMove(slot, to);

    await().atMost(PATIENCE).until(meanwhile::isComplete);
    await().atMost(PATIENCE).until(() -> one.store().status().condition() == Condition.READY);
    await().atMost(PATIENCE).until(() -> two.store().status().condition() == Condition.READY);
    assertThat(status(one)).isEqualTo(RouteStatus.DISABLED);
    assertTogether(one, two);

    int needless = 3 - from - to;
    cluster.node(needless).kill();
    try {
      assertTogether(one, engine("three"));
    } finally {
      cluster.node(needless).restart();
    }
  }
}
