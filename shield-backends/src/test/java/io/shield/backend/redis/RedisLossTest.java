package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store.Status.Condition;
import io.shield.internal.EngineInternals;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.StoreDamagedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that lost one of its keys opens no route and makes no revoked token valid. */
class RedisLossTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final RouteState PAYMENTS = RouteState.active("GET:/payments");
  private static final DocumentKey REVOKED = DocumentKey.document("token-revoked:1");

  private final Vertx vertx = Vertx.vertx();
  private final List<ShieldEngine> engines = new ArrayList<>();
  private RedisProcess redis;
  private Redis client;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    client = Redis.createClient(vertx, redis.url());
  }

  @AfterEach
  void stop() throws Exception {
    for (ShieldEngine engine : engines) {
      get(engine.close());
    }
    client.close();
    get(vertx.close());
    redis.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private Response command(Command command, String... arguments) throws Exception {
    Request request = Request.cmd(command);
    Stream.of(arguments).forEach(request::arg);
    return get(client.send(request));
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(assertion);
  }

  private ShieldEngine unstarted(String name) {
    ShieldEngine engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setName(name)
                .setBackend(RedisBackend.create(new RedisBackendOptions().setUrl(redis.url())))
                .putSetting("SHIELD_CACHE_DIR", "off")
                .setHeadInterval(Duration.ofMillis(100)));
    engines.add(engine);
    return engine;
  }

  private ShieldEngine engine(String name) throws Exception {
    ShieldEngine engine = unstarted(name);
    get(engine.register(List.of(PAYMENTS)));
    get(engine.start());
    // A start waits for a slow answer for a while only.
    eventually(() -> assertThat(engine.store().status().condition()).isEqualTo(Condition.READY));
    return engine;
  }

  /** An engine that disabled a route and revoked a token. */
  private ShieldEngine used() throws Exception {
    ShieldEngine one = engine("one");
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    get(
        EngineInternals.of(one)
            .commit(
                held ->
                    new EngineInternals.Proposal(
                        List.of(new Edit(REVOKED, 0, new OpaqueDocument("{}"))), List.of())));
    return one;
  }

  private static void assertKept(ShieldEngine engine) {
    assertThat(engine.snapshot().states().get("GET:/payments").status())
        .isEqualTo(RouteStatus.DISABLED);
    assertThat(engine.snapshot().documents()).containsKey(REVOKED.key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"versions", "head", "written", "history", "requests", "request-times"})
  void aLostKeyIsMadeAnewOfWhatIsThere(String key) throws Exception {
    ShieldEngine one = used();
    get(one.close());
    engines.clear();
    command(Command.DEL, "shield:meta:" + key);

    ShieldEngine two = engine("two");

    assertKept(two);
    get(two.routes().enable("GET:/payments", ALICE, "go on"));
    assertThat(command(Command.GET, "shield:state:GET:/payments").toString()).contains("active");
  }

  @Test
  void aRunningNodeNoticesLostVersionsByCounting() throws Exception {
    ShieldEngine one = used();
    command(Command.HDEL, "shield:meta:versions", "state GET:/payments");

    eventually(
        () ->
            assertThat(command(Command.HGET, "shield:meta:versions", "state GET:/payments"))
                .isNotNull());
    get(one.routes().enable("GET:/payments", ALICE, "go on"));
    assertThat(get(one.audit().newest(10)))
        .extracting(AuditEntry::action)
        .containsExactly("enable", "disable");
  }

  @Test
  void lostDocumentsAreNotTakenForAbsent() throws Exception {
    ShieldEngine one = used();
    command(Command.DEL, "shield:meta:documents");

    eventually(() -> assertThat(one.store().status().condition()).isEqualTo(Condition.DISTRUSTED));
    assertThat(one.store().status().problem())
        .startsWith("Redis lost what stood in shield:meta:documents, such as the revocations");
    assertKept(one);
    assertThat(catchThrowable(() -> get(one.routes().enable("GET:/payments", ALICE, ""))))
        .hasCauseInstanceOf(ChangeRefusedException.class);
    assertThat(catchThrowable(() -> get(unstarted("two").start())))
        .hasCauseInstanceOf(StoreDamagedException.class);

    get(one.store().reseed(ALICE, "documents were lost"));

    eventually(() -> assertThat(one.store().status().condition()).isEqualTo(Condition.READY));
    assertKept(engine("three"));
  }

  @Test
  void aDocumentThatTookAnothersPlaceIsNoticedByALoad() throws Exception {
    used();
    command(Command.HDEL, "shield:meta:documents", REVOKED.key());
    command(Command.HSET, "shield:meta:documents", "token-revoked:2", "{}");

    assertThat(catchThrowable(() -> get(unstarted("two").start())))
        .hasCauseInstanceOf(StoreDamagedException.class);
  }

  @Test
  void aRedisThatMayEvictKeysIsWarnedOf() throws Exception {
    command(Command.CONFIG, "SET", "maxmemory-policy", "allkeys-lru");

    ShieldEngine one = engine("one");

    eventually(
        () ->
            assertThat(one.store().status().warning()).contains("maxmemory-policy is allkeys-lru"));
  }
}
