package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.spi.AuditQuery;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept in Redis does not grow for ever, and nothing is forgotten too soon. */
class RedisBoundsTest {
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
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
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

    assertThat(command(Command.SCARD, "shield:route-index").toInteger()).isEqualTo(ROUTES);
    assertThat(engine.snapshot().head().revision()).isGreaterThan(1 + ROUTES / 5000);
    get(engine.close());
  }

  private void age(String request, Duration age) throws Exception {
    long then = System.currentTimeMillis() - age.toMillis();
    command(Command.ZADD, "shield:meta:request-times", Long.toString(then), request);
  }
}
