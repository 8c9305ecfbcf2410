package io.shield.backend.redis.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.backend.redis.RedisProcess;
import io.shield.decision.Site;
import io.shield.fixtures.LimitModel;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.limit.Charge;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nodes that borrow from counters in a real Redis, all by a given time, beside the model of the
 * algorithms: whatever passes at any node, the model lets pass too.
 */
class LeasesTest {
  private static final TestCaller CALLER = new TestCaller("192.0.2.1");
  private static final String KEY = "GET:/x";

  @TempDir static Path directory;
  private static final Vertx VERTX = Vertx.vertx();
  private static RedisProcess process;
  private static RedisConnection redis;

  private final MutableClock clock = MutableClock.create();
  private final Random random = Seeds.random("LeasesTest");
  private long calls;

  @BeforeAll
  static void start() throws Exception {
    process = RedisProcess.start(directory, "--appendfsync", "no");
    redis = await(Redis.createClient(VERTX, process.url()).connect());
  }

  @AfterAll
  static void stop() {
    process.close();
    await(VERTX.close());
  }

  @BeforeEach
  void clear() {
    await(redis.send(Request.cmd(Command.FLUSHALL)));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static long micros(Instant moment) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
  }

  /** The scripts at the given time; a question takes a while on its way there and back. */
  private final class Counters implements SharedCounters {
    @Override
    public Future<Void> startup(Vertx vertx) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Answer> charge(List<Demand> demands) {
      onTheWay();
      CounterCall call = new CounterCall(demands);
      Promise<Answer> answer = Promise.promise();
      call.add(answer);
      call.answered(send(Script.CHARGE, "1", demands, ""));
      onTheWay();
      return answer.future();
    }

    private void onTheWay() {
      clock.advance(Duration.ofNanos(1000L * random.nextInt(5_000)));
    }

    private Response send(Script script, String second, List<Demand> demands, String generation) {
      calls++;
      String now = Long.toString(micros(clock.instant()));
      return await(
          redis.send(CounterCall.request(script, true, "", now, second, demands, p -> generation)));
    }

    @Override
    public void giveBack(Demand demand, long atMicros) {
      throw new AssertionError("nothing is sent on");
    }

    @Override
    public Future<Void> giveBack(Limit limit, String key, Lease lease, long units) {
      send(
          Script.REFUND,
          Long.toString(lease.untilMicros()),
          List.of(new Demand(limit, key, units, false, 0)),
          lease.generation());
      return Future.succeededFuture();
    }

    @Override
    public void reset(String policy, Head head) {}

    @Override
    public void reset(Limit limit, String key) {}

    @Override
    public String problem() {
      return null;
    }

    @Override
    public Future<Void> shutdown() {
      return Future.succeededFuture();
    }
  }

  /** A node with a clock of its own, which is some seconds away from the store's. */
  private final class Node {
    private final Counters counters = new Counters();
    private final RateLimiting limits;

    Node(RateLimitPolicy... policies) {
      Duration away = Duration.ofMillis(random.nextInt(20_000) - 10_000L);
      InstantSource own = () -> clock.instant().plus(away);
      limits = new RateLimiting(new Site("test", null), LimitClock.of(own), (hit, resetAt) -> {});
      Map<DocumentKey, Versioned<?>> stored = new HashMap<>();
      for (RateLimitPolicy policy : policies) {
        stored.put(DocumentKey.policy(policy.key()), new Versioned<>(policy, 1));
      }
      limits.prepare(Snapshot.of(new Head("e", 1, "c"), stored)).run();
      limits.share(counters);
    }

    Charge charge() {
      return await(
          limits.chargeShared(
              new TestRequest("/x", HttpMethod.GET, limits.of("/x", HttpMethod.GET), CALLER)));
    }

    boolean passes() {
      return charge().refusal() == null;
    }

    void giveBack(boolean all) {
      await(limits.giveBackLent(counters, all));
    }
  }

  private static RateLimitPolicy policy(RateLimitAlgorithm algorithm, String limit) {
    return RateLimitPolicy.of("GET", "/x", limit).toBuilder()
        .algorithm(algorithm)
        .lease(true)
        .build();
  }

  private static LimitModel model(RateLimitAlgorithm algorithm, String limit) {
    return new LimitModel(LimitRule.of(algorithm, RateLimit.parse("limit", limit).get(0)));
  }

  private long now() {
    return micros(clock.instant());
  }

  @ParameterizedTest
  @EnumSource
  void whateverPassesTheModelLetsPassToo(RateLimitAlgorithm algorithm) {
    for (int run = 0; run < 6; run++) {
      clear();
      clock.advance(Duration.ofDays(10));
      String limit = List.of("40/day", "1000/day", "10000/day").get(run % 3);
      LimitModel model = model(algorithm, limit);
      RateLimitPolicy policy = policy(algorithm, limit).toBuilder().cost(run < 3 ? 1 : 3).build();
      List<Node> nodes = List.of(new Node(policy), new Node(policy), new Node(policy));
      int passed = 0;
      for (int i = 0; i < 4_000; i++) {
        Node node = nodes.get(random.nextInt(1 + random.nextInt(3)));
        if (random.nextInt(40) == 0) {
          clock.advance(Duration.ofSeconds(random.nextInt(10_000)));
          nodes.forEach(one -> one.giveBack(false));
        }
        if (node.passes()) {
          passed++;
          assertThat(model.charge(KEY, policy.cost(), now())).as("%s %s", limit, i).isNotNegative();
        }
      }
      assertThat(passed).isGreaterThan(30);
    }
  }

  /** A bucket fills meanwhile, but not for what is lent: it may be used at the very end. */
  @ParameterizedTest
  @EnumSource
  void whatIsLentDoesNotComeBackBeforeItIsUsed(RateLimitAlgorithm algorithm) {
    RateLimitPolicy policy = policy(algorithm, "1000/day");
    LimitModel model = model(algorithm, "1000/day");
    Node first = new Node(policy);
    Node second = new Node(policy);
    for (int i = 0; i < 60; i++) {
      assertThat(first.passes()).isTrue();
      model.charge(KEY, 1, now());
    }
    clock.advance(Duration.ofMinutes(140));
    for (Node node : List.of(second, first)) {
      while (node.passes()) {
        assertThat(model.charge(KEY, 1, now())).isNotNegative();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FIXED_WINDOW", "MOVING_WINDOW"})
  void allCanBeUsedAfterTheOthersGaveBack(RateLimitAlgorithm algorithm) {
    RateLimitPolicy policy = policy(algorithm, "1000/day");
    Node first = new Node(policy);
    Node second = new Node(policy);
    for (int i = 0; i < 100; i++) {
      assertThat(first.passes()).isTrue();
    }
    int others = passing(second);
    assertThat(others).isLessThan(900);
    first.giveBack(true);
    clock.advance(Duration.ofHours(3));
    others += passing(second);
    assertThat(others).isEqualTo(900);
  }

  @Test
  void aNodeThatDiesTakesItsLeaseWithItUntilTheWindowEnds() {
    RateLimitPolicy policy = policy(RateLimitAlgorithm.FIXED_WINDOW, "1000/day");
    Node dead = new Node(policy);
    Node other = new Node(policy);
    for (int i = 0; i < 100; i++) {
      assertThat(dead.passes()).isTrue();
    }
    clock.advance(Duration.ofHours(3));
    assertThat(passing(other)).isBetween(600, 899);
    clock.advance(Duration.ofDays(1));
    assertThat(passing(other)).isEqualTo(1000);
  }

  private static int passing(Node node) {
    int passed = 0;
    while (node.passes()) {
      passed++;
    }
    return passed;
  }

  @ParameterizedTest
  @EnumSource
  void aHotKeyCostsFewCalls(RateLimitAlgorithm algorithm) {
    RateLimitPolicy policy = policy(algorithm, "100000/day");
    Node first = new Node(policy);
    Node second = new Node(policy);
    calls = 0;
    int decisions = 40_000;
    int passed = 0;
    for (int i = 0; i < decisions; i++) {
      clock.advance(Duration.ofMillis(400));
      passed += (i % 2 == 0 ? first : second).passes() ? 1 : 0;
      if (i % 100 == 0) {
        first.giveBack(false);
        second.giveBack(false);
      }
    }
    assertThat(passed).isEqualTo(decisions);
    assertThat((double) calls / decisions).isLessThanOrEqualTo(0.02);
  }

  /**
   * What was lent before a reset is not used behind it, nor given back into what is counted anew.
   */
  @Test
  void aResetEndsALease() {
    RateLimitPolicy policy = policy(RateLimitAlgorithm.FIXED_WINDOW, "1000/day");
    Node node = new Node(policy);
    for (int i = 0; i < 100; i++) {
      assertThat(node.passes()).isTrue();
    }
    node.limits.reset(KEY, null, new Head("e", 2, "d"));
    clear();
    calls = 0;
    assertThat(node.passes()).isTrue();
    assertThat(calls).isOne();
  }
}
