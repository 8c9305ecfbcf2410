package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store;
import io.shield.Store.Status.Condition;
import io.shield.error.ShieldException;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines on Redis as people run it: with users, TLS, replicas, sentinels, and as a cluster. */
class RedisShapesTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final RouteState PAYMENTS = RouteState.active("GET:/payments");
  private static final String PASSWORD = "changeit";

  private final Vertx vertx = Vertx.vertx();
  private final List<ShieldEngine> engines = new ArrayList<>();
  private final List<RedisProcess> servers = new ArrayList<>();
  @TempDir Path directory;

  @AfterEach
  void stop() throws Exception {
    for (ShieldEngine engine : engines) {
      get(engine.close());
    }
    get(vertx.close());
    servers.forEach(RedisProcess::close);
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

  private Path newDirectory() throws Exception {
    return Files.createDirectory(directory.resolve("server" + servers.size()));
  }

  private RedisProcess server(String... options) throws Exception {
    RedisProcess server = RedisProcess.start(newDirectory(), options);
    servers.add(server);
    return server;
  }

  private RedisProcess replicaOf(RedisProcess master) throws Exception {
    RedisProcess replica =
        server(
            "--replicaof",
            "127.0.0.1",
            Integer.toString(master.port()),
            "--repl-diskless-sync-delay",
            "0");
    eventually(
        () ->
            assertThat(command(replica.url(), Command.INFO, "replication").toString())
                .contains("master_link_status:up"));
    return replica;
  }

  /** A command past Shield. */
  private Response command(String url, Command command, String... arguments) throws Exception {
    Redis client = Redis.createClient(vertx, url);
    try {
      Request request = Request.cmd(command);
      Stream.of(arguments).forEach(request::arg);
      return get(client.send(request));
    } finally {
      client.close();
    }
  }

  private ShieldEngine unstarted(String name, RedisBackendOptions options) {
    ShieldEngine engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setName(name)
                .setBackend(RedisBackend.create(options))
                .putSetting("SHIELD_CACHE_DIR", "off")
                .setHeadInterval(Duration.ofMillis(100))
                .setChangeTimeout(Duration.ofSeconds(10)));
    engines.add(engine);
    return engine;
  }

  private ShieldEngine engine(String name, RedisBackendOptions options) throws Exception {
    ShieldEngine engine = unstarted(name, options);
    get(engine.register(List.of(PAYMENTS)));
    get(engine.start());
    // A start waits for a slow answer for a while only.
    eventually(
        () ->
            assertThat(engine.store().status())
                .returns(Condition.READY, Store.Status::condition)
                .returns(null, Store.Status::problem));
    return engine;
  }

  private static RouteStatus status(ShieldEngine engine) {
    RouteState state = engine.snapshot().state("GET:/payments");
    return state == null ? RouteStatus.ACTIVE : state.status();
  }

  /** A change made through either is enforced by the other. */
  private static void assertTogether(ShieldEngine one, ShieldEngine two) throws Exception {
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    eventually(() -> assertThat(status(two)).isEqualTo(RouteStatus.DISABLED));
    get(two.routes().enable("GET:/payments", ALICE, ""));
    eventually(() -> assertThat(status(one)).isEqualTo(RouteStatus.ACTIVE));
  }

  @Test
  void aUserWithFewRightsWorksInADatabaseOfItsOwn() throws Exception {
    RedisProcess redis = server();
    command(
        redis.url(),
        Command.ACL,
        "SETUSER",
        "shield",
        "on",
        ">p@ss",
        "~shield:*",
        "resetchannels",
        "&shield:*",
        "-@all",
        "+@read",
        "+@write",
        "+@scripting",
        "+@pubsub",
        "+@connection",
        "+select",
        "+time");
    String url = url(redis, "shield:p%40ss", 3);

    assertTogether(
        engine("one", new RedisBackendOptions().setUrl(url)),
        engine("two", new RedisBackendOptions().setUrl(url)));

    String third = "redis://127.0.0.1:" + redis.port() + "/3";
    assertThat(command(third, Command.EXISTS, "shield:meta:head").toInteger()).isOne();
    assertThat(command(redis.url(), Command.DBSIZE).toInteger()).isZero();
  }

  @Test
  void aWrongPasswordAndAnImpossibleDatabaseAreOneLine() throws Exception {
    RedisProcess redis = server("--requirepass", "right");

    assertThat(failure("one", new RedisBackendOptions().setUrl(url(redis, ":wrong", 0))))
        .startsWith("Redis at " + redis.url() + " answered: WRONGPASS");
    assertThat(failure("two", new RedisBackendOptions().setUrl(url(redis, ":right", 99))))
        .contains("DB index is out of range");
  }

  @Test
  void aPlusInAPasswordIsAPlus() throws Exception {
    RedisProcess redis = server("--requirepass", "a+b c");
    String url = "valkey://:a+b%20c@127.0.0.1:" + redis.port();

    assertTogether(
        engine("one", new RedisBackendOptions().setUrl(url)),
        engine("two", new RedisBackendOptions().setUrl(url.replace("+", "%2B"))));
  }

  @Test
  void aNodeOfAClusterIsToldFromAServerThatIsAlone() throws Exception {
    RedisProcess node = server("--cluster-enabled", "yes");

    assertThat(failure("one", new RedisBackendOptions().setUrl(node.url())))
        .startsWith("Redis at " + node.url() + " is a node of a Redis Cluster: set the topology");
  }

  private static String url(RedisProcess redis, String user, int database) {
    return "redis://" + user + "@127.0.0.1:" + redis.port() + "/" + database;
  }

  /** The one line that an engine fails to start with. */
  private String failure(String name, RedisBackendOptions options) {
    Throwable failure = catchThrowable(() -> get(unstarted(name, options).start()));
    assertThat(failure).hasCauseInstanceOf(ShieldException.class);
    String line = String.valueOf(failure.getCause().getMessage());
    assertThat(line).doesNotContain("\n");
    return line;
  }

  @Test
  void anEncryptedConnectionIsTrustedByAGivenCertificateOnly() throws Exception {
    RedisProcess redis = server();
    String url = "rediss://localhost:" + encrypted(redis).actualPort();
    RedisBackendOptions trusting =
        new RedisBackendOptions()
            .setUrl(url)
            .setCaFile(directory.resolve("certificate.pem").toString());

    assertTogether(engine("one", trusting), engine("two", trusting));

    assertThat(failure("three", new RedisBackendOptions().setUrl(url)))
        .startsWith("Redis at " + url + "/0 has a certificate that is not trusted (caFile ");
  }

  @Test
  void aServerThatWantsACertificateIsShownOne() throws Exception {
    RedisProcess redis = server();
    NetServerOptions strict = new NetServerOptions().setClientAuth(ClientAuth.REQUIRED);
    String url = "rediss://localhost:" + encrypted(redis, strict).actualPort();
    String certificate = directory.resolve("certificate.pem").toString();
    RedisBackendOptions options = new RedisBackendOptions().setUrl(url).setCaFile(certificate);
    RedisBackendOptions showing =
        new RedisBackendOptions(options).setCertFile(certificate).setKeyFile(key().toString());

    assertTogether(engine("one", showing), engine("two", showing));
  }

  private Path key() throws Exception {
    KeyStore store =
        KeyStore.getInstance(directory.resolve("store.p12").toFile(), PASSWORD.toCharArray());
    byte[] key = store.getKey("redis", PASSWORD.toCharArray()).getEncoded();
    return Files.writeString(
        directory.resolve("key.pem"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n");
  }

  private NetServer encrypted(RedisProcess redis) throws Exception {
    return encrypted(redis, new NetServerOptions());
  }

  /** A server before Redis that ends TLS. */
  private NetServer encrypted(RedisProcess redis, NetServerOptions options) throws Exception {
    Path store = directory.resolve("store.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "redis",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD);
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "redis",
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD,
        "-file",
        directory.resolve("certificate.pem").toString());
    NetServer server =
        vertx.createNetServer(
            options
                .setSsl(true)
                .setTrustOptions(
                    new PemTrustOptions()
                        .addCertPath(directory.resolve("certificate.pem").toString()))
                .setKeyCertOptions(
                    new PfxOptions().setPath(store.toString()).setPassword(PASSWORD)));
    // One that the handler keeps, since Vert.x closes a client that nothing refers to.
    NetClient client = vertx.createNetClient();
    server.connectHandler(
        outside -> {
          outside.pause();
          client
              .connect(redis.port(), "127.0.0.1")
              .onSuccess(
                  inside -> {
                    inside.pipeTo(outside);
                    outside.pipeTo(inside);
                  })
              .onFailure(e -> outside.close());
        });
    return get(server.listen(0, "localhost"));
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(directory.resolve("keytool.log"))).isZero();
  }

  @Test
  void theMasterOfAReplicaIsFoundAndLeftForThePromotedReplica() throws Exception {
    RedisProcess master = server();
    RedisProcess replica = replicaOf(master);
    RedisBackendOptions options =
        new RedisBackendOptions()
            .setTopology(RedisTopology.REPLICATION)
            .setUrls(List.of(database2(replica), database2(master)));
    ShieldEngine one = engine("one", options);
    ShieldEngine two = engine("two", options);
    assertTogether(one, two);
    assertThat(command(database2(master), Command.EXISTS, "shield:meta:head").toInteger()).isOne();

    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    awaitCopied(master, replica);
    master.kill();
    command(replica.url(), Command.REPLICAOF, "NO", "ONE");

    assertFollowed(one, two);
  }

  private static String database2(RedisProcess server) {
    return "redis://127.0.0.1:" + server.port() + "/2";
  }

  private void awaitCopied(RedisProcess master, RedisProcess replica) {
    eventually(
        () ->
            assertThat(offset(replica.url(), "slave_repl_offset:"))
                .isEqualTo(offset(master.url(), "master_repl_offset:")));
  }

  private String offset(String url, String field) throws Exception {
    return command(url, Command.INFO, "replication")
        .toString()
        .lines()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()))
        .findFirst()
        .orElseThrow();
  }

  /** The disabled route stays so; both go on together. */
  private static void assertFollowed(ShieldEngine one, ShieldEngine two) throws Exception {
    eventually(() -> assertThat(one.store().status().condition()).isEqualTo(Condition.READY));
    eventually(() -> assertThat(two.store().status().condition()).isEqualTo(Condition.READY));
    assertThat(status(one)).isEqualTo(RouteStatus.DISABLED);
    get(two.routes().enable("GET:/payments", ALICE, ""));
    eventually(() -> assertThat(status(one)).isEqualTo(RouteStatus.ACTIVE));
    assertTogether(one, two);
  }

  @Test
  void aMasterThatBecameAReplicaIsLeft() throws Exception {
    RedisProcess master = server();
    RedisProcess replica = replicaOf(master);
    RedisBackendOptions options =
        new RedisBackendOptions()
            .setTopology(RedisTopology.REPLICATION)
            .setUrls(List.of(master.url(), replica.url()));
    ShieldEngine one = engine("one", options);
    ShieldEngine two = engine("two", options);
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    awaitCopied(master, replica);

    command(replica.url(), Command.REPLICAOF, "NO", "ONE");
    command(master.url(), Command.REPLICAOF, "127.0.0.1", Integer.toString(replica.port()));

    assertFollowed(one, two);
  }

  @Test
  void sentinelsNameTheMasterAndTheOneAfterIt() throws Exception {
    RedisProcess master = server();
    RedisProcess replica = replicaOf(master);
    RedisProcess sentinel = RedisProcess.startSentinel(newDirectory(), master);
    servers.add(sentinel);
    int nobody = RedisProcess.freePort();
    RedisBackendOptions options =
        new RedisBackendOptions()
            .setTopology(RedisTopology.SENTINEL)
            .setUrls(List.of("redis://127.0.0.1:" + nobody + "/2", database2(sentinel)));
    assertThat(failure("none", new RedisBackendOptions(options).setMasterName("other")))
        .isEqualTo("the sentinel at " + database2(sentinel) + " knows no master 'other'");
    ShieldEngine one = engine("one", options);
    ShieldEngine two = engine("two", options);
    assertTogether(one, two);
    get(one.routes().disable("GET:/payments", ALICE, "stop"));
    awaitCopied(master, replica);
    eventually(
        () ->
            assertThat(
                    command("redis://127.0.0.1:" + sentinel.port(), Command.INFO, "sentinel")
                        .toString())
                .contains("slaves=1"));

    master.kill();

    assertFollowed(one, two);
    assertThat(command(database2(replica), Command.ROLE).get(0).toString()).isEqualTo("master");
  }

  @Test
  void aPlannedFailoverLosesNothingThatIsOnTheReplicas() throws Exception {
    RedisProcess master = server();
    RedisProcess replica = replicaOf(master);
    RedisProcess sentinel = RedisProcess.startSentinel(newDirectory(), master);
    servers.add(sentinel);
    RedisBackendOptions options =
        new RedisBackendOptions()
            .setTopology(RedisTopology.SENTINEL)
            .setMinReplicas(1)
            .setUrl(database2(sentinel));
    ShieldEngine one = engine("one", options);
    ShieldEngine two = engine("two", options);
    assertTogether(one, two);
    eventually(
        () ->
            assertThat(
                    command("redis://127.0.0.1:" + sentinel.port(), Command.INFO, "sentinel")
                        .toString())
                .contains("slaves=1"));
    // Not every replica that is known is one that may be promoted already.
    await()
        .untilAsserted(
            () ->
                assertThatCode(
                        () ->
                            command(
                                "redis://127.0.0.1:" + sentinel.port(),
                                Command.SENTINEL,
                                "FAILOVER",
                                "mymaster"))
                    .doesNotThrowAnyException());

    String last = "";
    int made = 0;
    String old = Integer.toString(master.port());
    for (int i = 0; made < 20; i++) {
      String reason = "change " + i;
      try {
        get(one.routes().disable("GET:/payments", ALICE, reason));
        last = reason;
      } catch (ExecutionException unknown) {
        // Nobody said that it was made.
      }
      // So many after the switch.
      if (!master(sentinel).equals(old)) {
        made++;
      }
    }

    eventually(() -> assertThat(one.store().status().condition()).isEqualTo(Condition.READY));
    eventually(() -> assertThat(two.store().status().condition()).isEqualTo(Condition.READY));
    assertThat(command(database2(replica), Command.GET, "shield:state:GET:/payments").toString())
        .contains(last);
    assertTogether(one, two);
  }

  private String master(RedisProcess sentinel) throws Exception {
    return command(
            "redis://127.0.0.1:" + sentinel.port(),
            Command.SENTINEL,
            "GET-MASTER-ADDR-BY-NAME",
            "mymaster")
        .get(1)
        .toString();
  }

  /** Redis answers nothing else on a connection that waits. */
  @Test
  void changesThatComeTogetherWaitForTheReplicasTogether() throws Exception {
    RedisProcess master = server();
    replicaOf(master);
    ShieldEngine one =
        engine("one", new RedisBackendOptions().setMinReplicas(1).setUrl(master.url()));
    command(master.url(), Command.CONFIG, "RESETSTAT");
    List<Future<?>> changes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      changes.add(one.documents().put("change:" + i, "x", 0));
    }
    get(Future.all(changes));

    String stats = command(master.url(), Command.INFO, "commandstats").toString();
    Matcher waits = Pattern.compile("cmdstat_wait:calls=(\\d+)").matcher(stats);
    assertThat(waits.find()).isTrue();
    assertThat(Integer.parseInt(waits.group(1))).isLessThan(changes.size());
  }

  @Test
  void tooFewReplicasConfirmNothingAndTheChangeIsMadeOnce() throws Exception {
    RedisProcess master = server();
    RedisBackendOptions options = new RedisBackendOptions().setMinReplicas(1).setUrl(master.url());
    RedisProcess replica = replicaOf(master);
    ShieldEngine one = engine("one", options);
    replica.halt();

    Future<RouteState> change = one.routes().disable("GET:/payments", ALICE, "stop");
    eventually(
        () ->
            assertThat(command(master.url(), Command.GET, "shield:state:GET:/payments").toString())
                .contains("disabled"));
    assertThat(change.isComplete()).isFalse();
    assertThat(status(one)).isEqualTo(RouteStatus.ACTIVE);
    replica.resume();

    get(change);
    assertThat(get(one.audit().newest(10))).hasSize(1);
  }
}
