package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.shield.error.OutcomeUnknownException;
import io.shield.error.ShieldException;
import io.shield.fixtures.RecordingListener;
import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that does not do what it is asked for leaves nothing half done, and is quoted. */
class RedisRefusalsTest {
  private static final List<String> KEYS =
      List.of(
          "meta:head",
          "meta:versions",
          "meta:written",
          "meta:documents",
          "meta:requests",
          "meta:request-times",
          "meta:history",
          "meta:scanned",
          "meta:counted",
          "meta:probe",
          "route-index",
          "rl-policy-index",
          "audit",
          "state:shield-probe",
          "rlpolicy:shield-probe",
          "audit:path:shield-probe",
          "global");

  private final Vertx vertx = Vertx.vertx();
  private RedisProcess redis;
  private Redis client;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    client = Redis.createClient(vertx, redis.url());
  }

  @AfterEach
  void stop() throws Exception {
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

  private static Throwable failure(Future<?> future) {
    return catchThrowable(() -> get(future)).getCause();
  }

  private RedisBackend backend(String user) {
    String url = "redis://" + user + "127.0.0.1:" + redis.port() + "/0";
    return RedisBackend.create(new RedisBackendOptions().setUrl(url));
  }

  private static Future<CommitResult> disable(RedisBackend backend, String route, long version) {
    RouteState state = RouteState.active(route);
    Edit edit = new Edit(DocumentKey.state(route), version, state);
    return backend.commit(new Change("change of " + route, List.of(edit), List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set",
        "del",
        "hset",
        "hdel",
        "sadd",
        "srem",
        "lpush",
        "ltrim",
        "zadd",
        "zrem",
        "publish",
        "time",
        "lrange",
        "zrangebyscore"
      })
  void aUserWhoMayNotDoAllThatIsNeededIsNotLetBegin(String forbidden) throws Exception {
    command(Command.ACL, "SETUSER", "few", "on", ">pw", "~*", "&*", "+@all", "-" + forbidden);
    RedisBackend backend = backend("few:pw@");

    assertThat(failure(backend.startup(vertx)))
        .isExactlyInstanceOf(ShieldException.class)
        .hasMessage(
            "Redis at "
                + redis.url()
                + ": the user of Redis is not allowed to run "
                + forbidden.toUpperCase(Locale.ROOT));
    assertThat(command(Command.DBSIZE).toInteger()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "meta:versions",
        "meta:written",
        "meta:documents",
        "meta:requests",
        "meta:request-times",
        "meta:history",
        "meta:scanned",
        "meta:counted",
        "route-index",
        "rl-policy-index",
        "audit",
        "state:shield-probe",
        "rlpolicy:shield-probe",
        "audit:path:shield-probe",
        "global"
      })
  void aUserWhoMayNotUseAllKeysIsNotLetBegin(String missing) throws Exception {
    RedisBackend used = backend("");
    get(used.startup(vertx));
    get(disable(used, "/a", 0));
    get(used.shutdown());
    List<String> user = new ArrayList<>(List.of("SETUSER", "few", "on", ">pw", "&*", "+@all"));
    for (String key : KEYS) {
      if (!key.equals(missing)) {
        user.add("~shield:" + key);
      }
    }
    command(Command.ACL, user.toArray(String[]::new));
    String before = content();
    RedisBackend backend = backend("few:pw@");

    assertThat(failure(backend.startup(vertx)))
        .isExactlyInstanceOf(ShieldException.class)
        .hasMessageContaining("on the key 'shield:" + missing + "'");
    assertThat(content()).isEqualTo(before);
  }

  private String content() throws Exception {
    StringBuilder all = new StringBuilder();
    for (Object key :
        command(Command.KEYS, "*").stream().map(Response::toString).sorted().toList()) {
      all.append(key).append(command(Command.DUMP, key.toString()).toBuffer()).append('\n');
    }
    return all.toString();
  }

  @Test
  void aCommandThatWasRenamedIsNamed(@TempDir Path other) throws Exception {
    try (RedisProcess renamed = RedisProcess.start(other, "--rename-command", "PUBLISH", "")) {
      RedisBackend backend = RedisBackend.create(new RedisBackendOptions().setUrl(renamed.url()));
      assertThat(failure(backend.startup(vertx)))
          .isExactlyInstanceOf(ShieldException.class)
          .hasMessageEndingWith(
              "Redis does not know the command PUBLISH: it was renamed or switched off");
    }
  }

  @Test
  void halfAChangeIsNoRefusal() throws Exception {
    command(Command.ACL, "SETUSER", "few", "on", ">pw", "~*", "&*", "+@all");
    RedisBackend backend = backend("few:pw@");
    get(backend.startup(vertx));
    get(disable(backend, "/a", 0));
    command(Command.ACL, "SETUSER", "few", "-lpush");

    assertThat(failure(disable(backend, "/b", 0)))
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("made a part of the change only");
    assertThat(backend.problem()).contains("a part of the change only");

    command(Command.ACL, "SETUSER", "few", "+lpush");
    get(backend.load());
    assertThat(get(backend.load()).states()).containsKeys("/a", "/b");
    get(backend.shutdown());
  }

  @Test
  void aUserWhoMayNotListenIsToldSo() throws Exception {
    command(Command.ACL, "SETUSER", "few", "on", ">pw", "~*", "&*", "+@all", "-subscribe");
    RedisBackend backend = backend("few:pw@");
    get(backend.startup(vertx));

    assertThat(failure(backend.subscribe(new RecordingListener())))
        .isExactlyInstanceOf(ShieldException.class)
        .hasMessageContaining("NOPERM ")
        .hasMessageContaining("no permissions to run the 'subscribe' command");
    get(backend.shutdown());
  }

  @Test
  void aFullMemoryRefusesTheChangeAndLeavesNothing() throws Exception {
    RedisBackend backend = backend("");
    get(backend.startup(vertx));
    get(disable(backend, "/a", 0));
    Snapshot before = get(backend.load());
    command(Command.CONFIG, "SET", "maxmemory", "100kb");

    assertThat(failure(disable(backend, "/b", 0)))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessage(
            "Redis at "
                + redis.url()
                + " answered: OOM command not allowed when used memory > 'maxmemory'.");

    assertThat(backend.problem()).startsWith("it takes no changes: Redis at").contains("OOM ");
    assertThat(get(backend.load())).isEqualTo(before);
    get(backend.head());
    assertThat(backend.problem()).isNotNull();
    command(Command.CONFIG, "SET", "maxmemory", "0");
    get(backend.head());
    assertThat(backend.problem()).isNull();
    assertThat(get(disable(backend, "/b", 0))).isInstanceOf(CommitResult.Accepted.class);
    get(backend.shutdown());
  }

  @Test
  void tooFewReplicasAreARefusal() throws Exception {
    RedisBackend backend = backend("");
    get(backend.startup(vertx));
    get(disable(backend, "/a", 0));
    command(Command.CONFIG, "SET", "min-replicas-to-write", "1");

    assertThat(failure(disable(backend, "/b", 0)))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageEndingWith("answered: NOREPLICAS Not enough good replicas to write.");
    assertThat(backend.problem()).contains("NOREPLICAS ");
    get(backend.shutdown());
  }

  @Test
  void aPasswordThatWasSetMeanwhileIsARefusal() throws Exception {
    RedisBackend backend = backend("");
    get(backend.startup(vertx));
    get(disable(backend, "/a", 0));
    command(Command.CONFIG, "SET", "requirepass", "new");
    Redis insider = Redis.createClient(vertx, "redis://:new@127.0.0.1:" + redis.port());
    get(
        insider.send(
            Request.cmd(Command.CLIENT)
                .arg("KILL")
                .arg("TYPE")
                .arg("normal")
                .arg("SKIPME")
                .arg("yes")));
    insider.close();

    await()
        .untilAsserted(
            () ->
                assertThat(failure(disable(backend, "/b", 0)))
                    .isInstanceOf(ChangeRefusedException.class)
                    .hasMessageContaining("NOAUTH "));
    assertThat(backend.problem()).contains("NOAUTH ");
    get(backend.shutdown());
  }

  @Test
  void aReplicaIsReadAndSaysThatItTakesNoWrites() throws Exception {
    RedisBackend backend = backend("");
    get(backend.startup(vertx));
    get(disable(backend, "/a", 0));
    Snapshot before = get(backend.load());
    command(Command.REPLICAOF, "127.0.0.1", Integer.toString(RedisProcess.freePort()));

    assertThat(failure(disable(backend, "/b", 0)))
        .isInstanceOfSatisfying(
            StoreUnreachableException.class, e -> assertThat(e.isUnsent()).isTrue())
        .hasMessage(
            "Redis at " + redis.url() + ": READONLY You can't write against a read only replica.");

    assertThat(get(backend.load())).isEqualTo(before);
    get(backend.shutdown());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "route-index",
        "rl-policy-index",
        "audit",
        "meta:head",
        "meta:versions",
        "meta:written",
        "meta:documents",
        "meta:history",
        "meta:requests",
        "meta:request-times"
      })
  void aKeyThatSomethingElseUsesIsNamedAndLeftAlone(String name) throws Exception {
    String key = "shield:" + name;
    RedisBackend backend = backend("");
    get(backend.startup(vertx));
    get(disable(backend, "/a", 0));
    command(Command.DEL, key);
    command(Command.SET, key, "x");
    int keys = command(Command.DBSIZE).toInteger();

    assertThat(failure(backend.load()))
        .hasMessageContaining("'" + key + "' is a string, must be a ");
    assertThat(failure(disable(backend, "/b", 0)))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContaining("'" + key + "' is a string, must be a ");

    assertThat(command(Command.GET, key)).hasToString("x");
    assertThat(command(Command.DBSIZE).toInteger()).isEqualTo(keys);
    get(backend.shutdown());
  }
}
