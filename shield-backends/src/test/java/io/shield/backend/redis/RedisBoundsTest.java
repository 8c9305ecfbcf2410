package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.fixtures.RecordingListener;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept in Redis does not grow for ever, and nothing is forgotten too soon. */
class RedisBoundsTest {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBoundsTest.class);
  private static final int LIMIT = 3;

  /** More by hand: {@code -Dshield.routes=100000}. */
  private static final int ROUTES = Integer.getInteger("shield.routes", 9000);

  private final Vertx vertx = Vertx.vertx();
  private RedisProcess redis;
  private Redis client;
  private RedisBackend backend;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    client = Redis.createClient(vertx, redis.url());
    backend =
        RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()).setAuditLimit(LIMIT));
    get(backend.startup(vertx));
    get(backend.load());
  }

  @AfterEach
  void stop() throws Exception {
    get(backend.shutdown());
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

  /** Writes a document of the request's name. */
  private CommitResult.Accepted commit(String request, String path) throws Exception {
    AuditEntry entry =
        new AuditEntry(
            request,
            Instant.EPOCH,
            path,
            null,
            "enable",
            "alice",
            "cli",
            "",
            null,
            null,
            0,
            List.of(),
            null,
            false);
    Edit edit = new Edit(DocumentKey.document(request), 0, new OpaqueDocument("x"));
    return (CommitResult.Accepted)
        get(backend.commit(new Change(request, List.of(edit), List.of(entry))));
  }

  @Test
  void auditListsAreCappedAndTheOldestEntriesGo() throws Exception {
    for (int i = 0; i < 5; i++) {
      commit("a" + i, "/a");
    }
    commit("b", "/b");

    assertThat(command(Command.LLEN, "shield:audit").toInteger()).isEqualTo(LIMIT);
    assertThat(command(Command.LLEN, "shield:audit:path:/a").toInteger()).isEqualTo(LIMIT);
    assertThat(get(backend.auditLog(AuditQuery.newest(10))))
        .extracting(AuditEntry::id)
        .containsExactly("b", "a4", "a3");
    assertThat(get(backend.auditLog(AuditQuery.ofPath("/a", 10))))
        .extracting(AuditEntry::id)
        .containsExactly("a4", "a3", "a2");
  }

  @Test
  void requestsAreRememberedForTenMinutesAndForgottenAfterAWhile() throws Exception {
    CommitResult.Accepted first = commit("first", "/a");
    commit("second", "/a");
    age("first", Duration.ofMinutes(10));
    age("second", Duration.ofMinutes(16));

    commit("third", "/a");

    assertThat(commit("first", "/a")).isEqualTo(first);
    assertThat(command(Command.HEXISTS, "shield:meta:requests", "second").toInteger()).isZero();
    assertThat(command(Command.ZCARD, "shield:meta:request-times").toInteger()).isEqualTo(2);
  }

  @Test
  void ofALongChangeOnlyItsPlaceIsRemembered() throws Exception {
    List<Edit> edits =
        IntStream.range(0, 2000)
            .mapToObj(i -> RouteState.active("GET:/long/" + i))
            .map(state -> new Edit(DocumentKey.state(state.path()), 0, state))
            .toList();
    Change change = new Change("long", edits, List.of());
    CommitResult.Accepted first = (CommitResult.Accepted) get(backend.commit(change));

    assertThat(command(Command.HSTRLEN, "shield:meta:requests", "long").toInteger())
        .isLessThan(100_000);
    assertThat(get(backend.commit(change))).isEqualTo(first);
  }

  @Test
  void aPageOfTheAuditLogIsReadAlone() throws Exception {
    for (int i = 0; i < 3; i++) {
      commit("a" + i, "/a");
    }
    // What lies beyond the page is not even looked at.
    command(Command.LSET, "shield:audit", "0", "not an entry");

    assertThat(get(backend.auditLog(new AuditQuery(null, null, null, null, null, 1, 1))))
        .extracting(AuditEntry::id)
        .containsExactly("a1");
    assertThat(get(backend.auditCount(AuditQuery.newest(1)))).isEqualTo(3);
    assertThat(get(backend.auditCount(AuditQuery.ofPath("/a", 1)))).isEqualTo(3);
    AuditQuery nobodys = new AuditQuery(null, null, "bob", null, null, 0, 1);
    assertThat(get(backend.auditCount(nobodys))).isZero();
  }

  @Test
  void manyRoutesAreRegisteredInCommitsOfBoundedSize() throws Exception {
    ShieldEngine engine =
        ShieldEngine.create(
            vertx, new ShieldOptions().setBackend(backend).putSetting("SHIELD_CACHE_DIR", "off"));
    get(
        engine.register(
            IntStream.range(0, ROUTES).mapToObj(i -> RouteState.active("GET:/r/" + i)).toList()));
    get(engine.start());

    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> command(Command.SCARD, "shield:route-index").toInteger() == ROUTES);
    assertThat(engine.snapshot().head().revision()).isGreaterThan(1 + ROUTES / 5000);
    get(engine.close());
  }

  private static List<Edit> routes(int first, int last) {
    return IntStream.range(first, last)
        .mapToObj(i -> RouteState.active("GET:/r/" + i))
        .map(state -> new Edit(DocumentKey.state(state.path()), 0, state))
        .toList();
  }

  private RedisBackend another() throws Exception {
    RedisBackend other = RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()));
    get(other.startup(vertx));
    return other;
  }

  @Test
  void whatIsReadPageByPageIsTheWholeAndWhatIsReadAgainToo() throws Exception {
    get(backend.commit(new Change("many", routes(0, 1200), List.of())));
    RedisBackend other = another();
    Snapshot before = get(other.load());
    assertThat(before.states()).hasSize(1200);
    assertThat(get(other.load())).isEqualTo(before);

    DocumentKey gone = DocumentKey.state("GET:/r/7");
    DocumentKey kept = DocumentKey.state("GET:/r/8");
    RouteState closed = RouteState.builder(kept.key()).status(RouteStatus.DISABLED).build();
    List<Edit> edits =
        List.of(
            new Edit(gone, before.version(gone), null),
            new Edit(kept, before.version(kept), closed));
    get(backend.commit(new Change("delete", edits, List.of())));
    assertThat(get(other.load()).states()).hasSize(1199);
    get(backend.commit(new Change("more", routes(1200, 1300), List.of())));
    commit("note", "/a");
    RedisBackend fresh = another();
    Snapshot now = get(fresh.load());
    assertThat(get(other.load())).isEqualTo(now);
    assertThat(now.states()).hasSize(1299);
    assertThat(now.states().get(kept.key()).status()).isEqualTo(RouteStatus.DISABLED);
    get(other.shutdown());
    get(fresh.shutdown());
  }

  /** Prints how long Redis is held: {@code -Dshield.held=10000} routes. */
  @Test
  @EnabledIfSystemProperty(named = "shield.held", matches = "\\d+")
  void howLongRedisIsHeld() throws Exception {
    int routes = Integer.getInteger("shield.held");
    for (int i = 0; i < routes; i += 2000) {
      List<Edit> part = routes(i, Math.min(routes, i + 2000));
      get(backend.commit(new Change("part" + i, part, List.of())));
    }
    command(Command.CONFIG, "SET", "slowlog-log-slower-than", "0");
    command(Command.CONFIG, "SET", "slowlog-max-len", "100000");
    RedisBackend other = another();
    tellHeld(routes, "whole load", () -> get(other.load()));
    tellHeld(routes, "load again", () -> get(other.load()));
    commit("note", "/a");
    tellHeld(routes, "load after a change", () -> get(other.load()));
    get(other.subscribe(new RecordingListener()));
    commit("more", "/a");
    command(Command.CLIENT, "KILL", "TYPE", "pubsub");
    tellHeld(
        routes,
        "load after a lost connection",
        () -> {
          TimeUnit.SECONDS.sleep(1);
          get(other.load());
        });
    command(Command.DEL, "shield:meta:scanned");
    tellHeld(
        routes,
        "scan",
        () -> {
          await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> command(Command.EXISTS, "shield:meta:scanned").toInteger() == 1);
          TimeUnit.SECONDS.sleep(3); // It goes on for a while.
        });
    tellHeld(routes, "three seconds without a scan", () -> TimeUnit.SECONDS.sleep(3));
    get(other.shutdown());
  }

  /** Prints how long a fleet takes that reconnects at once: {@code -Dshield.fleet=100} nodes. */
  @Test
  @EnabledIfSystemProperty(named = "shield.fleet", matches = "\\d+")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void howLongAFleetTakesToReconnect() throws Exception {
    int routes = 10_000;
    for (int i = 0; i < routes; i += 2000) {
      get(backend.commit(new Change("part" + i, routes(i, i + 2000), List.of())));
    }
    List<RedisBackend> fleet = new ArrayList<>();
    AtomicInteger loaded = new AtomicInteger();
    for (int i = 0; i < Integer.getInteger("shield.fleet"); i++) {
      RedisBackend node = another();
      get(node.load());
      get(
          node.subscribe(
              new CommitListener() {
                @Override
                public void committed(Commit commit) {}

                @Override
                public void outdated() {
                  node.load().onSuccess(v -> loaded.incrementAndGet());
                }
              }));
      fleet.add(node);
    }
    commit("missed", "/a");
    long start = System.nanoTime();
    tellHeld(
        routes,
        "load of " + fleet.size() + " nodes after lost connections",
        () -> {
          command(Command.CLIENT, "KILL", "TYPE", "pubsub");
          await().atMost(Duration.ofMinutes(2)).until(() -> loaded.get() >= fleet.size());
        });
    LOG.warn("all within {} ms", (System.nanoTime() - start) / 1_000_000);
    for (RedisBackend node : fleet) {
      get(node.shutdown());
    }
  }

  private void tellHeld(int routes, String what, ThrowingRunnable work) throws Exception {
    command(Command.SLOWLOG, "RESET");
    double before = cpuSeconds();
    try {
      work.run();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    double used = cpuSeconds() - before;
    long all = 0;
    long longest = 0;
    int calls = 0;
    for (Response call : command(Command.SLOWLOG, "GET", "100000")) {
      longest = Math.max(longest, call.get(2).toLong());
      if (call.get(3).get(0).toString().equalsIgnoreCase("evalsha")) {
        all += call.get(2).toLong();
        calls++;
      }
    }
    LOG.warn(
        "{} routes, {}: {} calls, {} us of Redis, the longest {} us; {} ms of its processor",
        routes,
        what,
        calls,
        all,
        longest,
        Math.round(used * 1000));
  }

  private double cpuSeconds() throws Exception {
    return command(Command.INFO, "cpu")
        .toString()
        .lines()
        .filter(line -> line.startsWith("used_cpu_sys:") || line.startsWith("used_cpu_user:"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
        .sum();
  }

  private void age(String request, Duration age) throws Exception {
    long then = System.currentTimeMillis() - age.toMillis();
    command(Command.ZADD, "shield:meta:request-times", Long.toString(then), request);
  }
}
