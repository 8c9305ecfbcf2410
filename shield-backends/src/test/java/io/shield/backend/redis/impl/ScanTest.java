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

/** What others write without saying so is found by one look, which costs Redis little. */
class ScanTest {
  private static final String PREFIX = "shield:";
  private static final int ROUTES = 2000;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private RedisProcess redis;
  private Redis other;
  private RedisStore store;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
    other = Redis.createClient(vertx, redis.url());
    RedisBackendOptions options = new RedisBackendOptions().setUrl(redis.url());
    Clients clients = new Clients(vertx, options, redis.url(), PREFIX, null);
    store =
        new RedisStore(
            vertx,
            new Link(clients, PREFIX, "__shield:"),
            PREFIX,
            options,
            InstantSource.system(),
            Head.NONE,
            () -> {});
    ask(store::load);
    List<Edit> edits =
        IntStream.range(0, ROUTES)
            .mapToObj(i -> RouteState.active(route(i)))
            .map(state -> new Edit(DocumentKey.state(state.path()), 0, state))
            .toList();
    ask(() -> store.commit(new Change("many", edits, List.of())));
    ask(store::load);
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
    command(Command.CONFIG, "SET", "slowlog-log-slower-than", "0");
    command(Command.CONFIG, "SET", "slowlog-max-len", "1000");
    command(Command.SLOWLOG, "RESET");

    scan();

    long scripts = 0;
    for (Response call : command(Command.SLOWLOG, "GET", "1000")) {
      scripts += call.get(3).get(0).toString().equalsIgnoreCase("evalsha") ? 1 : 0;
    }
    // Whose turn it is, and what stands in for another key.
    assertThat(scripts).isEqualTo(2);
  }
}
