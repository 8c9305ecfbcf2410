package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.decision.Decision;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.EngineInternals;
import io.shield.internal.limit.Charge;
import io.shield.internal.limit.LimitedRequest;
import io.shield.internal.limit.RateLimiting;
import io.shield.memory.MemoryBackend;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.OnStoreFailure;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.spi.limit.HitQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that count in one Redis, whatever keeps their state. */
class SharedLimitsTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Where a fixed window's state says what is used: behind the algorithm and five numbers. */
  private static final int USED_AT = 1 + 5 * Double.BYTES;

  private static final TestCaller CALLER = new TestCaller("192.0.2.1");

  @TempDir Path directory;
  private final List<Vertx> machines = new ArrayList<>();
  private final MemoryBackend states = MemoryBackend.create();
  private RedisProcess redis;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(directory, "--appendfsync", "no");
  }

  @AfterEach
  void stop() throws Exception {
    if (redis.isRunning()) {
      redis.resume();
    }
    machines.forEach(vertx -> get(vertx.close()));
    redis.close();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** An engine of its own, as in another process; all know the same policies. */
  private ShieldEngine engine() {
    return engine(options());
  }

  private ShieldOptions options() {
    return new ShieldOptions()
        .setBackend(states)
        .setRateLimitBackend("redis")
        .putSetting("SHIELD_RATE_LIMIT_REDIS_URL", redis.url())
        .putSetting("SHIELD_REDIS_URL", "redis://127.0.0.1:1/0");
  }

  private ShieldEngine engine(ShieldOptions options) {
    Vertx vertx = Vertx.vertx();
    machines.add(vertx);
    ShieldEngine engine = ShieldEngine.create(vertx, options.setName("e" + UUID.randomUUID()));
    get(engine.start());
    return engine;
  }

  private static void set(ShieldEngine engine, RateLimitPolicy policy) {
    get(engine.register(List.of(RouteState.active("GET:/x"))));
    get(engine.rateLimits().set(policy, ALICE));
  }

  private static RateLimitPolicy policy(String limit, RateLimitAlgorithm algorithm) {
    return RateLimitPolicy.of("GET", "/x", limit).toBuilder().algorithm(algorithm).build();
  }

  private static RateLimiting limits(ShieldEngine engine) {
    return EngineInternals.of(engine).limits();
  }

  private static Future<Charge> charging(ShieldEngine engine) {
    return charging(engine, null);
  }

  private static Future<Charge> charging(ShieldEngine engine, Charge earlier) {
    RateLimiting limits = limits(engine);
    return limits.chargeShared(
        new TestRequest(
            "/x",
            HttpMethod.GET,
            limits.of("/x", HttpMethod.GET),
            CALLER,
            LimitedRequest.FIXED_COST,
            earlier));
  }

  /** Health tells it although nobody asks for anything. */
  @Test
  void aRedisThatIsGoneIsMissedWithoutARequest() throws Exception {
    ShieldEngine engine = engine();
    assertThat(limits(engine).storeProblem()).isNull();
    redis.halt();
    await().atMost(PATIENCE).until(() -> limits(engine).storeProblem() != null);
    redis.resume();
    await().atMost(PATIENCE).until(() -> limits(engine).storeProblem() == null);
  }

  /** Without a word on which kind of store counts. */
  @Test
  void theAddressOfARedisForCountersIsEnough() {
    ShieldOptions options =
        new ShieldOptions()
            .setBackend(states)
            .putSetting("SHIELD_RATE_LIMIT_REDIS_URL", redis.url());
    ShieldEngine engine = engine(options);
    set(engine, policy("100000/hour", RateLimitAlgorithm.FIXED_WINDOW));

    await()
        .until(
            () -> {
              passes(engine);
              return !keys().isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS_URL", "REDIS_COUNTERS_PER_POLICY", "REDIS_MIN_REPLICAS"})
  void aWrongSettingIsNamedAsItWasGiven(String name) {
    String variable = "SHIELD_RATE_LIMIT_" + name;
    ShieldOptions options =
        new ShieldOptions()
            .setBackend(states)
            .setRateLimitBackend("redis")
            .putSetting(variable, "not this");
    assertThatThrownBy(() -> engine(options)).hasMessageContaining(variable + ": 'not this' is");
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIG SET requirepass secret, NOAUTH",
    "ACL SETUSER default -@scripting, NOPERM",
    "REPLICAOF 127.0.0.1 1, READONLY"
  })
  void aRedisThatDoesNotCountIsToldAtTheStart(String breaks, String problem) {
    engine();
    RedisConnection operator = get(Redis.createClient(machines.get(0), redis.url()).connect());
    send(operator, breaks);
    operator.close();
    RateLimiting limits = limits(engine());
    await().atMost(PATIENCE).until(() -> String.valueOf(limits.storeProblem()).contains(problem));
  }

  private static Decision.RateLimited refusal(ShieldEngine engine) {
    return get(charging(engine)).refusal();
  }

  private static boolean passes(ShieldEngine engine) {
    return refusal(engine) == null;
  }

  private static void untilKnown(ShieldEngine engine) {
    await().atMost(PATIENCE).until(() -> engine.rateLimits().get("GET:/x").isPresent());
    // A connection that is being opened and scripts that are unknown take longer than a request
    // waits.
    await().atMost(PATIENCE).until(() -> limits(engine).storeProblem() == null);
  }

  @ParameterizedTest
  @EnumSource
  void enginesShareALimit(RateLimitAlgorithm algorithm) {
    ShieldEngine one = engine();
    set(one, policy("5/hour", algorithm));
    ShieldEngine other = engine();
    untilKnown(other);
    int admitted = 0;
    for (int i = 0; i < 20; i++) {
      admitted += passes(i % 2 == 0 ? one : other) ? 1 : 0;
    }
    assertThat(admitted).isBetween(5, 5 + (int) failures(List.of(one, other)));
    assertThat(refusal(one).capacity()).isEqualTo(5);
  }

  /** Many at once, on all event loops, in equal ones that are charged together. */
  @Test
  void noMoreThanTheBoundIsAdmittedUnderLoad() {
    ShieldEngine first = engine();
    set(first, policy("400/hour", RateLimitAlgorithm.MOVING_WINDOW));
    List<ShieldEngine> engines = List.of(first, engine(), engine());
    engines.forEach(SharedLimitsTest::untilKnown);
    engines.forEach(engine -> await().atMost(PATIENCE).until(() -> asksRedis(engine)));
    get(first.rateLimits().reset("/x", "GET", ALICE));
    // Redis is told by who asks first after that, which must not be one that knows nothing of it.
    await().atMost(PATIENCE).until(() -> asksRedis(first));
    List<Future<Charge>> all = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      all.add(charging(engines.get(i % 3)));
    }
    long admitted = all.stream().filter(charge -> get(charge).refusal() == null).count();
    assertThat(admitted).isLessThanOrEqualTo(400 + failures(engines));
  }

  /** Whether the script is known and the connection open. */
  private static boolean asksRedis(ShieldEngine engine) {
    long before = limits(engine).storeFailures();
    return passes(engine)
        && limits(engine).storeFailures() == before
        && limits(engine).storeProblem() == null;
  }

  private static long failures(List<ShieldEngine> engines) {
    return engines.stream().mapToLong(engine -> limits(engine).storeFailures()).sum();
  }

  @Test
  void aRefusalIsAnsweredWithoutAskingUntilItsMomentOrAReset() throws Exception {
    ShieldEngine engine = engine();
    set(engine, policy("1/hour", RateLimitAlgorithm.FIXED_WINDOW));
    untilRefusalIsKnown(engine);
    redis.halt();
    for (int i = 0; i < 100; i++) {
      Future<Charge> charge = charging(engine);
      assertThat(charge.isComplete()).isTrue();
      assertThat(charge.result().refusal()).isNotNull();
    }
    redis.resume();
    get(engine.rateLimits().reset("/x", "GET", ALICE));
    await().atMost(PATIENCE).until(() -> passes(engine));
    assertThat(get(engine.rateLimits().hits(HitQuery.newest(5)))).hasSize(1);
  }

  /** A request that got no answer in time is no refusal to remember. */
  private static void untilRefusalIsKnown(ShieldEngine engine) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !passes(engine)
                    && limits(engine).storeProblem() == null
                    && charging(engine).isComplete());
  }

  @Test
  void aResetReachesAllAndIsCarriedOutOnce() {
    ShieldEngine one = engine();
    set(one, policy("3/hour", RateLimitAlgorithm.MOVING_WINDOW));
    ShieldEngine other = engine();
    untilKnown(other);
    untilRefusalIsKnown(one);
    untilRefusalIsKnown(other);
    long before = failures(List.of(one, other));
    get(one.rateLimits().reset("/x", "GET", ALICE));
    // The one that passes may be one that Redis does not count, as no answer came in time.
    await().atMost(PATIENCE).until(() -> passes(other));
    int admitted = 0;
    for (int i = 0; i < 10; i++) {
      admitted += passes(i % 2 == 0 ? one : other) ? 1 : 0;
    }
    assertThat((long) admitted).isBetween(1L, 2 + failures(List.of(one, other)) - before);
    get(other.rateLimits().resetKey("GET:/x", "ip:192.0.2.1", ALICE));
    await().atMost(PATIENCE).until(() -> passes(other));
  }

  /** Requests come while an engine starts. Before, each process counted for itself then. */
  @Test
  void policiesSaySoFromTheBeginning() throws Exception {
    set(
        engine(),
        policy("2/hour", RateLimitAlgorithm.FIXED_WINDOW).toBuilder()
            .onStoreFailure(OnStoreFailure.BLOCK)
            .build());
    redis.halt();
    Vertx vertx = Vertx.vertx();
    machines.add(vertx);
    ShieldEngine starting = ShieldEngine.create(vertx, options().setName("e" + UUID.randomUUID()));
    Future<Void> started = starting.start();
    await().atMost(PATIENCE).until(() -> starting.rateLimits().get("GET:/x").isPresent());
    assertThat(passes(starting)).isFalse();
    assertThat(limits(starting).storeFailures()).isEqualTo(1);
    redis.resume();
    get(started);
  }

  @Test
  void whileRedisDoesNotAnswerEachPolicySaysWhat() throws Exception {
    for (OnStoreFailure then : OnStoreFailure.values()) {
      ShieldEngine engine = engine();
      set(
          engine,
          policy("2/hour", RateLimitAlgorithm.FIXED_WINDOW).toBuilder()
              .onStoreFailure(then)
              .build());
      // An answer may be late, which only BLOCK takes for a refusal.
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                get(engine.rateLimits().resetAll(ALICE));
                return passes(engine);
              });
      long countedHere = limits(engine).storeFailures();
      redis.halt();
      List<Boolean> passed = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        passed.add(passes(engine));
      }
      assertThat(passed.stream().filter(p -> p).count())
          .as("%s", then)
          .isEqualTo(
              switch (then) {
                case LOCAL -> 2 - countedHere;
                case ALLOW -> 20;
                case BLOCK -> 0L;
              });
      assertThat(limits(engine).storeProblem()).isNotNull();
      assertThat(engine.errors()).isZero();
      redis.resume();
      await().atMost(PATIENCE).until(() -> limits(engine).storeProblem() == null);
    }
  }

  /** Each process counts for itself meanwhile, and no longer as soon as Redis answers. */
  @Test
  void afterItWasStoppedALimitIsSharedAgain() throws Exception {
    ShieldEngine one = engine();
    ShieldEngine two = engine();
    set(one, policy("4/hour", RateLimitAlgorithm.FIXED_WINDOW));
    List<ShieldEngine> both = List.of(one, two);
    both.forEach(SharedLimitsTest::untilKnown);
    redis.halt();
    for (ShieldEngine each : both) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                get(charging(each));
                return problem(each) != null;
              });
    }
    redis.resume();

    for (ShieldEngine each : both) {
      await().atMost(PATIENCE).until(() -> problem(each) == null);
    }
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> isShared(one, two));
  }

  /** Whether what one lets pass the other finds used; an answer that comes late says nothing. */
  private boolean isShared(ShieldEngine one, ShieldEngine two) {
    get(one.rateLimits().resetAll(ALICE));
    await().atMost(PATIENCE).until(() -> two.snapshot().head().equals(one.snapshot().head()));
    long failures = limits(one).storeFailures() + limits(two).storeFailures();
    int passed = 0;
    for (int i = 0; i < 8; i++) {
      passed += passes(i % 2 == 0 ? one : two) ? 1 : 0;
    }
    return passed == 4 && failures == limits(one).storeFailures() + limits(two).storeFailures();
  }

  @Test
  void afterAKillAndAFlushItIsCountedAgain() throws Exception {
    ShieldEngine engine = engine();
    set(engine, policy("1/hour", RateLimitAlgorithm.TOKEN_BUCKET));
    assertThat(passes(engine)).isTrue();
    command("SCRIPT", "FLUSH");
    command("FLUSHALL");
    get(engine.rateLimits().reset("/x", "GET", ALICE));
    assertThat(passes(engine)).isTrue();
    assertThat(keys()).isNotEmpty();
    redis.kill();
    await().atMost(PATIENCE).until(() -> charging(engine).isComplete() && problem(engine) != null);
    redis.restart();
    await().atMost(PATIENCE).until(() -> problem(engine) == null);
    command("FLUSHALL");
    get(engine.rateLimits().reset("/x", "GET", ALICE));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              passes(engine);
              return !keys().isEmpty();
            });
  }

  /** What keeps Redis from writing is no failure of a request: the process counts for itself. */
  @ParameterizedTest
  @CsvSource({
    "CONFIG SET maxmemory 1, CONFIG SET maxmemory 0",
    "REPLICAOF 127.0.0.1 1, REPLICAOF NO ONE",
    "CONFIG SET requirepass secret, AUTH secret"
  })
  void aRedisThatRefusesIsOneThatFails(String breaks, String mends) {
    ShieldEngine engine = engine();
    set(engine, policy("1000000/hour", RateLimitAlgorithm.FIXED_WINDOW));
    untilKnown(engine);
    RedisConnection operator = get(Redis.createClient(machines.get(0), redis.url()).connect());
    send(operator, breaks);
    send(operator, "CLIENT KILL TYPE normal SKIPME yes");
    await().atMost(PATIENCE).until(() -> problem(engine) != null);
    long before = limits(engine).storeFailures();
    assertThat(passes(engine)).isTrue();
    assertThat(limits(engine).storeFailures()).isGreaterThan(before);
    assertThat(engine.errors()).isZero();
    send(operator, mends);
    if (breaks.contains("requirepass")) {
      send(operator, "CONFIG SET requirepass ''");
    }
    await().atMost(PATIENCE).until(() -> asksRedis(engine));
    operator.close();
  }

  private static void send(RedisConnection operator, String line) {
    String[] words = line.split(" ", -1);
    Request request = Request.cmd(Command.create(words[0]));
    for (int i = 1; i < words.length; i++) {
      request.arg(words[i].equals("''") ? "" : words[i]);
    }
    get(operator.send(request));
  }

  /** The replica that is promoted has what was counted. */
  @Test
  void afterAFailoverItIsCountedWhereTheSentinelSays() throws Exception {
    RedisProcess replica =
        RedisProcess.start(
            Files.createDirectory(directory.resolve("replica")),
            "--replicaof",
            "127.0.0.1",
            Integer.toString(redis.port()),
            "--repl-diskless-sync-delay",
            "0");
    RedisProcess sentinel =
        RedisProcess.startSentinel(Files.createDirectory(directory.resolve("sentinel")), redis);
    try {
      RedisBackendOptions options =
          new RedisBackendOptions()
              .setTopology(RedisTopology.SENTINEL)
              .setUrls(List.of("redis://127.0.0.1:" + sentinel.port() + "/0"));
      ShieldEngine engine =
          engine(
              new ShieldOptions()
                  .setBackend(states)
                  .setRateLimitBackend(RedisBackend.create(options)));
      set(engine, policy("1000000/hour", RateLimitAlgorithm.FIXED_WINDOW));
      await().atMost(PATIENCE).until(() -> asksRedis(engine));
      RedisConnection watching =
          get(
              Redis.createClient(machines.get(0), "redis://127.0.0.1:" + sentinel.port())
                  .connect());
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  get(watching.send(Request.cmd(Command.INFO).arg("sentinel")))
                      .toString()
                      .contains("slaves=1"));
      redis.kill();
      await().atMost(PATIENCE).until(() -> problem(engine) != null);
      assertThat(passes(engine)).isTrue();
      await().atMost(PATIENCE).until(() -> asksRedis(engine));
      assertThat(engine.errors()).isZero();
    } finally {
      sentinel.close();
      replica.close();
    }
  }

  private static String problem(ShieldEngine engine) {
    passes(engine);
    return limits(engine).storeProblem();
  }

  private void command(String name, String... arguments) {
    Request request = Request.cmd(Command.create(name));
    List.of(arguments).forEach(request::arg);
    RedisConnection made = get(Redis.createClient(machines.get(0), redis.url()).connect());
    get(made.send(request));
    made.close();
  }

  private List<String> keys() {
    RedisConnection made = get(Redis.createClient(machines.get(0), redis.url()).connect());
    List<String> keys = new ArrayList<>();
    get(made.send(Request.cmd(Command.KEYS).arg("shield:ratelimit:{counts}:GET:/x|*")))
        .forEach(key -> keys.add(key.toString()));
    made.close();
    return keys;
  }

  @Test
  void aRequestThatIsSentOnAndRefusedGivesBackWhatItTook() {
    ShieldEngine engine = engine();
    set(engine, policy("1/hour", RateLimitAlgorithm.FIXED_WINDOW));
    untilRefusalIsKnown(engine);
    long before = limits(engine).storeFailures();
    get(engine.rateLimits().global().set(GlobalRateLimitPolicy.of("100/hour"), ALICE));
    RateLimiting limits = limits(engine);
    LimitedRequest open =
        new TestRequest("/open", HttpMethod.GET, limits.of("/open", HttpMethod.GET), CALLER);
    for (int i = 0; i < 5; i++) {
      Charge first = get(limits.chargeShared(open));
      assertThat(first.refusal()).isNull();
      assertThat(get(charging(engine, first)).refusal()).isNotNull();
    }
    await()
        .atMost(PATIENCE)
        .until(() -> used("__shield:global_rl__") <= limits(engine).storeFailures() - before);
  }

  @Test
  void whatIsLentIsGivenBackAtTheEnd() {
    ShieldEngine engine = engine();
    RateLimitPolicy leased =
        policy("100000/hour", RateLimitAlgorithm.FIXED_WINDOW).toBuilder().lease(true).build();
    set(engine, leased);
    await().atMost(PATIENCE).until(() -> passesWithoutAsking(engine));
    // What gets no answer in time may have been lent all the same.
    await().atMost(PATIENCE).until(() -> borrowsAnew(engine));
    assertThat(used("GET:/x")).isGreaterThanOrEqualTo(16);
    get(engine.close());
    assertThat(used("GET:/x")).isBetween(1L, 15L);
  }

  private static boolean borrowsAnew(ShieldEngine engine) {
    long before = limits(engine).storeFailures();
    get(engine.rateLimits().reset("/x", "GET", ALICE));
    await().atMost(PATIENCE).until(() -> passesWithoutAsking(engine));
    return limits(engine).storeFailures() == before;
  }

  /** With what it was lent. */
  private static boolean passesWithoutAsking(ShieldEngine engine) {
    Future<Charge> charge = charging(engine);
    boolean complete = charge.isComplete();
    return get(charge).refusal() == null && complete;
  }

  /** What a fixed window says is in use. */
  private long used(String policy) {
    RedisConnection made = get(Redis.createClient(machines.get(0), redis.url()).connect());
    long used = 0;
    Request all = Request.cmd(Command.KEYS).arg("shield:ratelimit:{counts}:" + policy + "|*");
    for (Response key : get(made.send(all))) {
      Response state = get(made.send(Request.cmd(Command.GET).arg(key.toString())));
      used += state == null ? 0 : (long) state.toBuffer().getDouble(USED_AT);
    }
    made.close();
    return used;
  }

  /** The store of states counts if it can, unless something else is said. */
  @Test
  void aRedisOfStatesCountsToo() {
    ShieldOptions onRedis =
        new ShieldOptions()
            .setBackend("redis")
            .putSetting("SHIELD_CACHE_DIR", "off")
            .putSetting("SHIELD_REDIS_URL", redis.url());
    assertThat(limits(engine(new ShieldOptions(onRedis))).isShared()).isTrue();
    assertThat(limits(engine(new ShieldOptions(onRedis).setRateLimitBackend("memory"))).isShared())
        .isFalse();
    assertThat(limits(engine(new ShieldOptions().setBackend("memory"))).isShared()).isFalse();
    RedisBackend counting = RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()));
    assertThat(
            limits(engine(new ShieldOptions().setBackend("memory").setRateLimitBackend(counting)))
                .isShared())
        .isTrue();
    assertThatThrownBy(
            () ->
                engine(
                    new ShieldOptions()
                        .setBackend("memory")
                        .putSetting("SHIELD_RATE_LIMIT_BACKEND", "file")))
        .hasRootCauseInstanceOf(InvalidValueException.class)
        .hasMessageContaining("redis");
    assertThatThrownBy(() -> new ShieldOptions().setRateLimitBackend(MemoryBackend.create()))
        .isInstanceOf(InvalidValueException.class);
  }
}
