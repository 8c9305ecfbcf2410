package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is pushed arrives without any polling, also after the connection for it was lost. */
class RedisPushTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final RouteState PAYMENTS = RouteState.active("GET:/payments");

  private final Vertx vertx = Vertx.vertx();
  private final List<ShieldEngine> engines = new ArrayList<>();
  private RedisProcess redis;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
  }

  @AfterEach
  void stop() throws Exception {
    for (ShieldEngine engine : engines) {
      get(engine.close());
    }
    get(vertx.close());
    redis.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Its client closes no idle connection: only the backend can notice that one is dead. */
  private ShieldEngine engine(String name, int port) throws Exception {
    Redis client = Redis.createClient(vertx, "redis://127.0.0.1:" + port);
    RedisBackend backend =
        RedisBackend.create(client, new RedisBackendOptions(), InstantSource.system());
    ShieldEngine engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setName(name)
                .setBackend(backend)
                .putSetting("SHIELD_CACHE_DIR", "off")
                .setHeadInterval(Duration.ofHours(1)));
    engines.add(engine);
    get(engine.register(List.of(PAYMENTS)));
    get(engine.start());
    return engine;
  }

  private static void awaitStatus(ShieldEngine engine, RouteStatus status) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () ->
                assertThat(engine.snapshot().states().get("GET:/payments").status())
                    .isEqualTo(status));
  }

  @Test
  void aCommitIsPushedAndPushedAgainAfterTheConnectionWasClosed() throws Exception {
    ShieldEngine one = engine("one", redis.port());
    ShieldEngine two = engine("two", redis.port());
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    awaitStatus(two, RouteStatus.DISABLED);

    Redis client = Redis.createClient(vertx, redis.url());
    get(client.send(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub")));
    client.close();
    get(one.routes().enable("GET:/payments", ALICE, ""));
    awaitStatus(two, RouteStatus.ACTIVE);
    get(one.routes().disable("GET:/payments", ALICE, "again"));
    awaitStatus(two, RouteStatus.DISABLED);
  }

  @Test
  void aConnectionThatFellSilentWithoutEndingIsReplaced() throws Exception {
    SilencingProxy proxy = new SilencingProxy(vertx, redis.port());
    ShieldEngine one = engine("one", redis.port());
    ShieldEngine two = engine("two", proxy.port());
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    awaitStatus(two, RouteStatus.DISABLED);

    assertThat(proxy.silenceSubscribers()).isEqualTo(1);
    get(one.routes().enable("GET:/payments", ALICE, ""));
    awaitStatus(two, RouteStatus.ACTIVE);
    get(one.routes().disable("GET:/payments", ALICE, "again"));
    awaitStatus(two, RouteStatus.DISABLED);
  }

  /** Forwards to Redis, and can stop forwarding on connections without closing them. */
  private static final class SilencingProxy {
    private final Set<NetSocket> subscribers = ConcurrentHashMap.newKeySet();
    private final Set<NetSocket> silenced = ConcurrentHashMap.newKeySet();
    private final NetServer server;

    SilencingProxy(Vertx vertx, int redisPort) throws Exception {
      NetClient client = vertx.createNetClient();
      server = vertx.createNetServer();
      server.connectHandler(
          inner -> {
            inner.pause();
            client
                .connect(redisPort, "127.0.0.1")
                .onFailure(e -> inner.close())
                .onSuccess(outer -> join(inner, outer));
          });
      get(server.listen(0, "127.0.0.1"));
    }

    private void join(NetSocket inner, NetSocket outer) {
      inner.closeHandler(v -> outer.close());
      outer.closeHandler(v -> inner.close());
      inner.handler(
          data -> {
            if (data.toString().toUpperCase(Locale.ROOT).contains("\r\nSUBSCRIBE\r\n")) {
              subscribers.add(inner);
            }
            if (!silenced.contains(inner)) {
              outer.write(data);
            }
          });
      outer.handler(
          data -> {
            if (!silenced.contains(inner)) {
              inner.write(data);
            }
          });
      inner.resume();
    }

    int port() {
      return server.actualPort();
    }

    /** Silences the connections that subscribed so far; tells how many. */
    int silenceSubscribers() {
      silenced.addAll(subscribers);
      return silenced.size();
    }
  }
}
