package io.shield.backend.redis.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisProcess;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What costs Redis little: to find by one look what others wrote without saying so, and to read
 * what a lost connection kept from being heard.
 */
class CheapReadsTest {
  private static final String PREFIX = "shield:";
  private static final int ROUTES = 2000;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private RedisProcess redis;
  private Redis other;
  private RedisStore store;
  private RedisStore node;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    other = Redis.createClient(vertx, redis.url());
    RedisBackendOptions options = new RedisBackendOptions().setUrl(redis.url());
    Clients clients = new Clients(vertx, options, redis.url(), PREFIX, null);
    store = store(clients, options);
    node = store(clients, options);
    ask(store::load);
    List<Edit> edits =
        IntStream.range(0, ROUTES)
            .mapToObj(i -> RouteState.active(route(i)))
            .map(state -> new Edit(DocumentKey.state(state.path()), 0, state))
            .toList();
    ask(() -> store.commit(new Change("many", edits, List.of())));
    ask(store::load);
  }

  private RedisStore store(Clients clients, RedisBackendOptions options) {
    return new RedisStore(
        vertx,
        new Link(clients, PREFIX, "__shield:"),
        PREFIX,
        options,
        InstantSource.system(),
        Head.NONE,
        () -> {});
  }

  @AfterEach
  void stop() throws Exception {
    other.close();
    get(vertx.close());
    redis.close();
  }

  private static String route(int number) {
    return "GET:/r/" + number;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private <T> T ask(Supplier<Future<T>> question) throws Exception {
    Promise<T> answer = Promise.promise();
    context.runOnContext(v -> question.get().onComplete(answer));
    return get(answer.future());
  }

  private Response command(Command command, String... arguments) throws Exception {
    Request request = Request.cmd(command);
    Stream.of(arguments).forEach(request::arg);
    return get(other.send(request));
  }

  private void othersWrite(int route, String status) throws Exception {
    String key = PREFIX + "state:" + route(route);
    String value = command(Command.GET, key).toString();
    command(Command.SET, key, value.replace("\"active\"", '"' + status + '"'));
  }

  private void scan() throws Exception {
    command(Command.DEL, PREFIX + "meta:scanned");
    ask(() -> store.scan(1));
  }

  private RouteStatus status(Snapshot snapshot, int route) {
    return snapshot.state(route(route)).status();
  }

  /** Of how many commits there are, which a load does not change when all was found before. */
  private long revision() throws Exception {
    return command(Command.HGET, PREFIX + "meta:head", "revision").toLong();
  }

  @Test
  void allOfItIsFoundByOneLook() throws Exception {
    for (int i = 0; i < ROUTES; i += 100) {
      othersWrite(i, "disabled");
    }

    scan();

    long found = revision();
    Snapshot loaded = ask(store::load);
    for (int i = 0; i < ROUTES; i++) {
      assertThat(status(loaded, i))
          .isEqualTo(i % 100 == 0 ? RouteStatus.DISABLED : RouteStatus.ACTIVE);
    }
    assertThat(revision()).isEqualTo(found);
  }

  @Test
  void whatGoesBackToAnOldValueIsFoundToo() throws Exception {
    String key = PREFIX + "state:" + route(7);
    String active = command(Command.GET, key).toString();
    Snapshot before = ask(store::load);
    RouteState closed = RouteState.builder(route(7)).status(RouteStatus.DISABLED).build();
    DocumentKey document = DocumentKey.state(route(7));
    Edit edit = new Edit(document, before.version(document), closed);
    ask(() -> store.commit(new Change("close", List.of(edit), List.of())));
    command(Command.SET, key, active);
    long last = revision();

    scan();

    assertThat(revision()).isGreaterThan(last);
    assertThat(status(ask(store::load), 7)).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void whereNothingHappenedNothingIsJudged() throws Exception {
    scan(); // Knows all values from now on.
    countScripts();

    scan();

    // Whose turn it is, and what stands in for another key.
    assertThat(scripts()).isEqualTo(2);
  }

  private void countScripts() throws Exception {
    command(Command.CONFIG, "SET", "slowlog-log-slower-than", "0");
    command(Command.CONFIG, "SET", "slowlog-max-len", "1000");
    command(Command.SLOWLOG, "RESET");
  }

  private int scripts() throws Exception {
    int scripts = 0;
    for (Response call : command(Command.SLOWLOG, "GET", "1000")) {
      scripts += call.get(3).get(0).toString().equalsIgnoreCase("evalsha") ? 1 : 0;
    }
    return scripts;
  }

  private void change(int from, int to) throws Exception {
    Snapshot before = ask(store::load);
    List<Edit> edits =
        IntStream.range(from, to)
            .mapToObj(i -> RouteState.builder(route(i)).status(RouteStatus.DISABLED).build())
            .map(
                state -> {
                  DocumentKey key = DocumentKey.state(state.path());
                  return new Edit(key, before.version(key), state);
                })
            .toList();
    ask(() -> store.commit(new Change(from + "-" + to, edits, List.of())));
  }

  /** After all connections were lost: another node looks for what others wrote. */
  private Snapshot readAgain() throws Exception {
    store.reconnected();
    Snapshot all = ask(store::load);
    node.reconnected();
    countScripts();
    assertThat(ask(node::load)).isEqualTo(all);
    return all;
  }

  @Test
  void ofALostConnectionOnlyTheCommitsThatWereMissedAreRead() throws Exception {
    ask(node::load);
    readAgain();
    assertThat(scripts()).as("whose turn it is, and that nothing was missed").isEqualTo(2);

    change(0, 1);
    change(1, 3);
    assertThat(status(readAgain(), 2)).isEqualTo(RouteStatus.DISABLED);
    assertThat(scripts()).isEqualTo(2);
  }

  @Test
  void ofLongCommitsOnlyTheRoutesAreRead() throws Exception {
    ask(node::load);
    change(0, 1000);
    assertThat(status(readAgain(), 999)).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void manyMissedCommitsAreReadToo() throws Exception {
    ask(node::load);
    for (int i = 0; i < 25; i++) {
      change(i, i + 1);
    }
    assertThat(status(readAgain(), 24)).isEqualTo(RouteStatus.DISABLED);
  }
}
