package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.MutableClock;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances of the original, which know no windows, see what is in force at each moment. */
class EffectiveStatusTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final String ROUTE = "GET:/payments";
  private static final String KEY = "shield:state:" + ROUTE;
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant START = NOW.plusSeconds(3600);
  private static final Instant END = NOW.plusSeconds(7200);
  private static final MaintenanceWindow WINDOW = new MaintenanceWindow(START, END, "swap");

  private final Vertx vertx = Vertx.vertx();
  private final MutableClock clock = MutableClock.at(NOW);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<ShieldEngine> engines = new ArrayList<>();
  private RedisProcess redis;
  private Redis python;
  @TempDir Path directory;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(Files.createDirectory(directory.resolve("redis")));
    python = Redis.createClient(vertx, redis.url());
    RedisConnection listening = get(python.connect());
    listening.handler(
        message -> {
          if (message.get(0).toString().equals("message")) {
            told.add(message.get(2).toString());
          }
        });
    get(listening.send(Request.cmd(Command.SUBSCRIBE).arg("shield:changes")));
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

  private ShieldEngine engine(String name, @Nullable String effective) throws Exception {
    ShieldOptions options =
        new ShieldOptions()
            .setName(name)
            .setClock(clock)
            .setBackend("redis")
            .putSetting("SHIELD_REDIS_URL", redis.url())
            .putSetting("SHIELD_CACHE_DIR", directory.resolve("cache").toString())
            .setHeadInterval(Duration.ofMillis(100));
    if (effective != null) {
      options.putSetting("SHIELD_REDIS_EFFECTIVE_STATUS", effective);
    }
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    engines.add(engine);
    get(engine.register(List.of(RouteState.active(ROUTE))));
    get(engine.start());
    return engine;
  }

  private Response command(Command command, String... arguments) throws Exception {
    Request request = Request.cmd(command);
    Stream.of(arguments).forEach(request::arg);
    return get(python.send(request));
  }

  private JsonNode stored() throws Exception {
    return ShieldJson.parse("stored", command(Command.GET, KEY).toString());
  }

  private void assertStored(String status) throws Exception {
    assertThat(stored().get("status").asText()).isEqualTo(status);
    assertThat(ShieldJson.parse("told", told.get(told.size() - 1)).get("status").asText())
        .isEqualTo(status);
  }

  @Test
  void theStatusInRedisFollowsTheWindow() throws Exception {
    ShieldEngine one = engine("one", null);
    ShieldEngine two = engine("two", null);
    get(one.routes().envGate(ROUTE, ALICE, List.of("dev")));
    RouteState planned = get(one.routes().schedule(ROUTE, ALICE, WINDOW));
    assertStored("env_gated");
    assertThat(stored().has("base_status")).isFalse();

    clock.set(START);
    eventually(() -> assertStored("maintenance"));
    assertThat(stored().get("base_status").asText()).isEqualTo("env_gated");
    assertThat(one.snapshot().states().get(ROUTE)).isEqualTo(planned);

    clock.set(END);
    eventually(() -> assertStored("env_gated"));

    eventually(() -> assertThat(two.snapshot()).isEqualTo(one.snapshot()));
    assertThat(two.snapshot().states().get(ROUTE)).isEqualTo(planned);
    assertThat(get(one.audit().newest(10)))
        .extracting(AuditEntry::actor, AuditEntry::action)
        .startsWith(tuple("scheduler", "maintenance_off"), tuple("scheduler", "maintenance_on"))
        .doesNotContain(tuple("system", "maintenance_on"));
  }

  @Test
  void whoRepeatsTheStatusThatHeSawDidNotAskForIt() throws Exception {
    ShieldEngine one = engine("one", "true");
    get(one.routes().schedule(ROUTE, ALICE, WINDOW));
    clock.set(START);
    eventually(() -> assertStored("maintenance"));
    String plain =
        "{\"path\":\"GET:/payments\",\"status\":\"maintenance\",\"reason\":\"edited\","
            + "\"window\":{\"start\":\"2030-01-01T01:00:00Z\",\"end\":\"2030-01-01T02:00:00Z\","
            + "\"reason\":\"swap\"}}";

    command(Command.SET, KEY, plain);
    command(Command.PUBLISH, "shield:changes", plain);

    eventually(() -> assertThat(one.snapshot().states().get(ROUTE).reason()).isEqualTo("edited"));
    assertThat(one.snapshot().states().get(ROUTE).status()).isEqualTo(RouteStatus.ACTIVE);
    clock.set(END);
    eventually(() -> assertStored("active"));
  }

  @Test
  void withoutTheOptionWhatWasAskedForStays() throws Exception {
    ShieldEngine one = engine("one", "off");
    get(one.routes().schedule(ROUTE, ALICE, WINDOW));
    String before = command(Command.GET, KEY).toString();

    clock.set(START);

    eventually(
        () -> assertThat(get(one.audit().newest(1)).get(0).action()).isEqualTo("maintenance_on"));
    assertThat(command(Command.GET, KEY)).hasToString(before);
  }

  @Test
  void theOptionIsASettingOfTheStoreAndGoesForAll() throws Exception {
    ShieldEngine one = engine("one", null);
    get(one.routes().schedule(ROUTE, ALICE, WINDOW));
    clock.set(START);
    eventually(() -> assertStored("maintenance"));

    ShieldEngine two = engine("two", "off");
    eventually(() -> assertThat(one.snapshot()).isEqualTo(two.snapshot()));
    assertStored("active");
    assertThat(stored().has("base_status")).isFalse();
    get(one.routes().maintenance(ROUTE, ALICE, "by hand"));
    assertStored("maintenance");
    get(one.routes().enable(ROUTE, ALICE, ""));

    engine("three", "on");
    get(one.routes().schedule(ROUTE, ALICE, new MaintenanceWindow(NOW, END, "swap")));
    assertStored("maintenance");
    assertThat(stored().get("base_status").asText()).isEqualTo("active");
  }

  @Test
  void theOptionIsTrueOrFalse() {
    assertThatThrownBy(() -> engine("one", "maybe"))
        .hasRootCauseInstanceOf(InvalidValueException.class)
        .hasMessageContaining("SHIELD_REDIS_EFFECTIVE_STATUS: 'maybe'");
  }
}
