package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store.Status.Condition;
import io.shield.error.ShieldException;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Head;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines on a real Redis that is killed, halted, emptied, and written by others. */
class RedisEngineTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final RouteState PAYMENTS = RouteState.active("GET:/payments");
  private static final String PLAIN_DISABLED =
      "{\"path\":\"GET:/payments\",\"service\":null,\"status\":\"disabled\",\"reason\":\"py\","
          + "\"allowed_envs\":[],\"allowed_roles\":[],\"allowed_ips\":[],\"window\":null,"
          + "\"sunset_date\":null,\"successor_path\":null,\"rollout_percentage\":100,"
          + "\"force_active\":false}";

  private final Vertx vertx = Vertx.vertx();
  private final List<ShieldEngine> engines = new ArrayList<>();
  @TempDir Path directory;
  private RedisProcess redis;
  private Redis python;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(Files.createDirectory(directory.resolve("redis")));
    python = Redis.createClient(vertx, redis.url());
  }

  @AfterEach
  void stop() throws Exception {
    for (ShieldEngine engine : engines) {
      get(engine.close());
    }
    python.close();
    get(vertx.close());
    redis.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(assertion);
  }

  private ShieldEngine engine(String name) throws Exception {
    ShieldOptions options =
        new ShieldOptions()
            .setName(name)
            .setBackend("redis")
            .putSetting("SHIELD_REDIS_URL", redis.url())
            .putSetting("SHIELD_CACHE_DIR", directory.resolve("cache").toString())
            .setHeadInterval(Duration.ofMillis(100))
            .setChangeTimeout(Duration.ofSeconds(2));
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    engines.add(engine);
    get(engine.register(List.of(PAYMENTS)));
    get(engine.start());
    if (redis.isRunning()) {
      // A start waits for a slow answer for a while only.
      eventually(
          () -> assertThat(engine.store().status().condition()).isNotEqualTo(Condition.STARTING));
    }
    return engine;
  }

  private void close(ShieldEngine engine) throws Exception {
    engines.remove(engine);
    get(engine.close());
  }

  private Response command(Command command, String... arguments) throws Exception {
    Request request = Request.cmd(command);
    Stream.of(arguments).forEach(request::arg);
    return get(python.send(request));
  }

  private static RouteStatus status(ShieldEngine engine) {
    RouteState state = engine.snapshot().state("GET:/payments");
    return state == null ? RouteStatus.ACTIVE : state.status();
  }

  private static void assertSays(ShieldEngine engine, Condition condition) {
    eventually(() -> assertThat(engine.store().status().condition()).isEqualTo(condition));
  }

  /** If the machine takes too long over a refusal, the engine answers before it hears of it. */
  private static void assertRefused(ShieldEngine engine, String why) {
    eventually(
        () ->
            assertThatThrownBy(() -> get(engine.routes().enable("GET:/payments", ALICE, "")))
                .hasMessageContaining(why));
  }

  @Test
  void aChangeMadeThroughOneIsEnforcedByTheOther() throws Exception {
    ShieldEngine one = engine("one");
    ShieldEngine two = engine("two");

    get(one.routes().disable("GET:/payments", ALICE, "stop"));

    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.DISABLED));
    get(two.routes().enable("GET:/payments", ALICE, ""));
    eventually(() -> assertThat(status(one)).isEqualTo(RouteStatus.ACTIVE));
    assertThat(one.snapshot()).isEqualTo(two.snapshot());
  }

  @Test
  void aKilledRedisChangesNothingAndIsFollowedAgainWhenItIsBack() throws Exception {
    ShieldEngine one = engine("one");
    ShieldEngine two = engine("two");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.DISABLED));

    redis.kill();
    assertSays(one, Condition.UNREACHABLE);
    assertSays(two, Condition.UNREACHABLE);
    assertThat(status(one)).isEqualTo(RouteStatus.DISABLED);
    assertThat(status(two)).isEqualTo(RouteStatus.DISABLED);
    // If the machine takes too long over a failure, the engine answers before it hears of it.
    eventually(
        () ->
            assertThatThrownBy(() -> get(one.routes().enable("GET:/payments", ALICE, "")))
                .hasCauseInstanceOf(StoreUnreachableException.class)
                .hasMessageContaining("Redis at redis://127.0.0.1:" + redis.port())
                .hasMessageContaining("nothing was changed"));

    redis.restart();
    assertSays(one, Condition.READY);
    get(one.routes().enable("GET:/payments", ALICE, ""));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.ACTIVE));
  }

  @Test
  void aHaltedRedisIsGivenUpAndFollowedAgain() throws Exception {
    ShieldEngine one = engine("one");
    ShieldEngine two = engine("two");

    redis.halt();
    try {
      assertSays(one, Condition.UNREACHABLE);
      assertThat(status(one)).isEqualTo(RouteStatus.ACTIVE);
    } finally {
      redis.resume();
    }

    assertSays(one, Condition.READY);
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.DISABLED));
  }

  @Test
  void anEmptiedRedisOpensNothingUntilItIsReseeded() throws Exception {
    ShieldEngine one = engine("one");
    ShieldEngine two = engine("two");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.DISABLED));

    command(Command.FLUSHALL);
    assertSays(one, Condition.DISTRUSTED);
    assertSays(two, Condition.DISTRUSTED);
    assertThat(status(one)).isEqualTo(RouteStatus.DISABLED);
    assertThat(status(two)).isEqualTo(RouteStatus.DISABLED);
    assertThatThrownBy(() -> get(one.routes().enable("GET:/payments", ALICE, "")))
        .hasMessageContaining("emptied");
    assertThat(command(Command.EXISTS, "shield:meta:head").toInteger()).isZero();

    assertThat(get(two.store().reseed(ALICE, "flushed by mistake")).condition())
        .isEqualTo(Condition.READY);
    assertSays(one, Condition.READY);
    eventually(() -> assertThat(one.snapshot()).isEqualTo(two.snapshot()));
    assertThat(status(one)).isEqualTo(RouteStatus.DISABLED);
    assertThat(command(Command.GET, "shield:state:GET:/payments").toString()).contains("disabled");
    AuditEntry entry = get(one.audit().newest(1)).get(0);
    assertThat(entry.action()).isEqualTo("store_reseed");
    get(one.routes().enable("GET:/payments", ALICE, ""));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.ACTIVE));
  }

  @Test
  void anEmptiedRedisIsAdoptedByAllWhenOneIsToldTo() throws Exception {
    ShieldEngine one = engine("one");
    ShieldEngine two = engine("two");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.DISABLED));
    command(Command.FLUSHALL);
    assertSays(one, Condition.DISTRUSTED);
    assertSays(two, Condition.DISTRUSTED);

    get(one.store().adopt(ALICE, "begin anew"));

    assertSays(two, Condition.READY);
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.ACTIVE));
    get(two.routes().disable("GET:/payments", ALICE, "again"));
    eventually(() -> assertThat(status(one)).isEqualTo(RouteStatus.DISABLED));
    assertThatThrownBy(() -> get(one.store().adopt(ALICE, "")))
        .hasMessageContaining("only one that is not believed");
  }

  @Test
  void aRedisThatWasSetBackIsNeitherBelievedNorWritten() throws Exception {
    ShieldEngine one = engine("one");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    Response head = command(Command.HMGET, "shield:meta:head", "revision", "commit");
    command(Command.HSET, "shield:meta:head", "revision", "1", "commit", "lost");

    assertRefused(one, "set back");
    assertSays(one, Condition.DISTRUSTED);
    assertThat(status(one)).isEqualTo(RouteStatus.DISABLED);
    assertThat(command(Command.HGET, "shield:meta:head", "revision").toInteger()).isEqualTo(1);

    command(
        Command.HSET,
        "shield:meta:head",
        "revision",
        head.get(0).toString(),
        "commit",
        head.get(1).toString());
    assertSays(one, Condition.READY);
  }

  @Test
  void aRedisThatWasSetBackAndWentOnIsNeitherBelievedNorWritten() throws Exception {
    ShieldEngine one = engine("one");
    ShieldEngine two = engine("two");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    eventually(() -> assertThat(two.snapshot()).isEqualTo(one.snapshot()));
    Head known = one.snapshot().head();
    // As if a dump from before the change was restored, and others had made three changes since.
    command(Command.LPOP, "shield:meta:history");
    command(Command.LPUSH, "shield:meta:history", "x", "y", "z");
    String later = Long.toString(known.revision() + 2);
    command(Command.HSET, "shield:meta:head", "revision", later, "commit", "z");

    assertRefused(one, "set back");
    assertSays(one, Condition.DISTRUSTED);
    assertSays(two, Condition.DISTRUSTED);
    assertThat(one.store().status().problem())
        .startsWith(
            "the store is at revision " + later + " of epoch " + known.epoch().substring(0, 8));
    assertThat(status(one)).isEqualTo(RouteStatus.DISABLED);
    assertThat(command(Command.HGET, "shield:meta:head", "revision").toString()).isEqualTo(later);

    assertThat(get(one.store().adopt(ALICE, "so be it")).condition()).isEqualTo(Condition.READY);
    assertSays(two, Condition.READY);
  }

  @Test
  void aRedisThatIsBackIsBelievedThoughOthersWroteToItFirst() throws Exception {
    ShieldEngine one = engine("one");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    Head known = one.snapshot().head();
    String before = Long.toString(known.revision() - 1);
    command(Command.HSET, "shield:meta:head", "revision", before, "commit", "lost");
    assertSays(one, Condition.DISTRUSTED);

    String later = Long.toString(known.revision() + 1);
    command(Command.LPUSH, "shield:meta:history", "next");
    command(Command.HSET, "shield:meta:head", "revision", later, "commit", "next");
    assertSays(one, Condition.READY);
    assertThat(one.snapshot().head().commitId()).isEqualTo("next");
  }

  @Test
  void anEmptyRedisIsNamedSo() throws Exception {
    ShieldEngine one = engine("one");
    Head known = one.snapshot().head();
    command(Command.FLUSHALL);

    assertSays(one, Condition.DISTRUSTED);
    assertThat(one.store().status().problem())
        .startsWith(
            "the store is empty, this node is at revision "
                + known.revision()
                + " of epoch "
                + known.epoch().substring(0, 8)
                + ": it was emptied");
  }

  @Test
  void aRedisWithoutAnAppendOnlyFileIsWarnedOf() throws Exception {
    ShieldEngine one = engine("one");
    assertThat(one.store().status().warning()).isNull();
    command(Command.CONFIG, "SET", "appendonly", "no");

    ShieldEngine two = engine("two");
    eventually(
        () -> assertThat(two.store().status().warning()).contains("without an append-only file"));
    assertThat(two.store().status().condition()).isEqualTo(Condition.READY);
  }

  @Test
  void aStartWithoutRedisEnforcesWhatWasLastKnown() throws Exception {
    ShieldEngine before = engine("one");
    get(before.routes().disable("GET:/payments", ALICE, "stop"));
    close(before);
    redis.kill();

    ShieldEngine after = engine("one");
    assertThat(after.store().status().condition()).isEqualTo(Condition.STARTING);
    assertThat(status(after)).isEqualTo(RouteStatus.DISABLED);
    assertThatThrownBy(() -> get(after.routes().enable("GET:/payments", ALICE, "")))
        .hasCauseInstanceOf(StoreUnreachableException.class);

    redis.restart();
    assertSays(after, Condition.READY);
    get(after.routes().enable("GET:/payments", ALICE, ""));
  }

  @Test
  void aStoreThatWasEmptiedWhileNobodyRanIsNotBelievedEither() throws Exception {
    ShieldEngine before = engine("one");
    get(before.routes().disable("GET:/payments", ALICE, "stop"));
    close(before);
    command(Command.FLUSHALL);

    ShieldEngine after = engine("one");

    assertThat(after.store().status().condition()).isEqualTo(Condition.DISTRUSTED);
    assertThat(status(after)).isEqualTo(RouteStatus.DISABLED);
    assertThat(command(Command.EXISTS, "shield:meta:head").toInteger()).isZero();
  }

  @Test
  void whatAnInstanceOfTheOriginalWritesIsEnforcedAndAudited() throws Exception {
    ShieldEngine one = engine("one");
    ShieldEngine two = engine("two");

    command(Command.SET, "shield:state:GET:/payments", PLAIN_DISABLED);
    command(Command.SADD, "shield:route-index", "GET:/payments");
    command(Command.PUBLISH, "shield:changes", PLAIN_DISABLED);

    eventually(() -> assertThat(status(one)).isEqualTo(RouteStatus.DISABLED));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.DISABLED));
    List<AuditEntry> audit = get(one.audit().newest(10));
    assertThat(audit).hasSize(1);
    assertThat(audit.get(0).action()).isEqualTo("disable");
    assertThat(audit.get(0).actor()).isEqualTo("system");
    assertThat(audit.get(0).reason()).isEqualTo("external edit");
  }

  @Test
  void whatOthersWroteWithoutAWordIsFoundBeforeAChangeOfIt() throws Exception {
    ShieldEngine one = engine("one");
    command(Command.SET, "shield:state:GET:/payments", PLAIN_DISABLED);

    RouteState enabled = get(one.routes().enable("GET:/payments", ALICE, ""));

    assertThat(enabled.status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(get(one.audit().newest(10)))
        .extracting(AuditEntry::action)
        .containsExactly("enable", "disable");
  }

  @Test
  void aDamagedSnapshotIsNoObstacle() throws Exception {
    close(engine("one"));
    Path cache = directory.resolve("cache");
    try (Stream<Path> files = Files.list(cache)) {
      for (Path file : files.toList()) {
        Files.writeString(file, "{\"format\": 1, \"head\"");
      }
    }

    assertSays(engine("one"), Condition.READY);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNoObstacle() throws Exception {
    Files.writeString(directory.resolve("cache"), "a file, not a directory");

    ShieldEngine one = engine("one");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    close(one);

    ShieldEngine again = engine("one");
    assertThat(again.store().status().condition()).isEqualTo(Condition.READY);
    assertThat(status(again)).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void forgottenScriptsAreSentAgain() throws Exception {
    ShieldEngine one = engine("one");
    command(Command.SCRIPT, "FLUSH");

    get(one.routes().disable("GET:/payments", ALICE, "stop"));

    assertThat(command(Command.GET, "shield:state:GET:/payments").toString()).contains("disabled");
  }

  @Test
  void aClientOfTheCallersIsNotClosed() throws Exception {
    RedisBackend backend =
        RedisBackend.create(python, new RedisBackendOptions(), InstantSource.system());
    get(backend.startup(vertx));
    assertThat(get(backend.load()).head().revision()).isPositive();

    get(backend.shutdown());

    assertThat(command(Command.PING).toString()).isEqualTo("PONG");
  }

  @Test
  void aWrongPasswordIsOneClearFailure() throws Exception {
    redis.close();
    try (RedisProcess locked =
        RedisProcess.start(
            Files.createDirectory(directory.resolve("locked")), "--requirepass", "right")) {
      for (String user : List.of("", ":wrong@")) {
        ShieldEngine engine =
            ShieldEngine.create(
                vertx,
                new ShieldOptions()
                    .setName("locked" + user.length())
                    .setBackend("redis")
                    .putSetting("SHIELD_CACHE_DIR", "off")
                    .putSetting(
                        "SHIELD_REDIS_URL", "redis://" + user + "127.0.0.1:" + locked.port()));
        engines.add(engine);
        assertThatThrownBy(() -> get(engine.start()))
            .cause()
            .isExactlyInstanceOf(ShieldException.class)
            .hasMessageMatching(
                "(?s)Redis at redis://127.0.0.1:\\d+/0 answered: .*(NOAUTH|WRONGPASS).*")
            .hasMessageNotContaining("wrong@");
      }
    }
  }

  @Test
  void aBadUrlIsOneClearFailureThatHidesThePassword() throws Exception {
    for (String url :
        List.of("redis://:secret@", "http://u:secret@localhost", "no url", "redis://h/x")) {
      ShieldEngine engine =
          ShieldEngine.create(
              vertx,
              new ShieldOptions()
                  .setName("bad" + url.length())
                  .setBackend("redis")
                  .putSetting("SHIELD_REDIS_URL", url));
      assertThatThrownBy(() -> get(engine.start()))
          .hasMessageContaining("SHIELD_REDIS_URL")
          .hasMessageContaining("must be a URL such as redis://")
          .hasMessageNotContaining("secret");
    }
  }
}
