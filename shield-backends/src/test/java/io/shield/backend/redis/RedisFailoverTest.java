package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many failovers of a master with one replica, which every change waits for: no confirmed change is
 * lost, and nobody waits for longer than six seconds. {@code -Dshield.failovers=20}: so many
 * planned ones and as many by killing the master, and in them 10,000 changes.
 */
@EnabledIfSystemProperty(named = "shield.failovers", matches = "\\d+")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RedisFailoverTest {
  private static final Logger LOG = LoggerFactory.getLogger(RedisFailoverTest.class);
  private static final int FAILOVERS = 2 * Integer.getInteger("shield.failovers", 20);
  private static final int CHANGES = 10_000;
  private static final int WRITERS = 4;

  private final Vertx vertx = Vertx.vertx();
  private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong longest = new AtomicLong();
  private ShieldEngine engine;
  private RedisProcess one;
  private RedisProcess two;
  private RedisProcess sentinel;
  @TempDir Path directory;

  @AfterEach
  void stop() throws Exception {
    get(engine.close());
    get(vertx.close());
    Stream.of(sentinel, one, two).forEach(RedisProcess::close);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

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

  /** Goes on until all changes were asked for, one after the other. */
  private Future<Void> write() {
    Promise<Void> done = Promise.promise();
    vertx.runOnContext(v -> write(done));
    return done.future();
  }

  private void write(Promise<Void> done) {
    int number = asked.incrementAndGet();
    if (number > CHANGES) {
      done.complete();
      return;
    }
    String name = "change:" + number;
    long start = System.nanoTime();
    engine
        .documents()
        .put(name, "x", 0)
        .onSuccess(v -> confirmed.add(name))
        .onFailure(e -> open.incrementAndGet())
        .onComplete(
            v -> {
              longest.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
              vertx.runOnContext(next -> write(done));
            });
  }

  @Test
  void noConfirmedChangeIsLost() throws Exception {
    one = RedisProcess.start(Files.createDirectory(directory.resolve("one")));
    two =
        RedisProcess.start(
            Files.createDirectory(directory.resolve("two")),
            "--replicaof",
            "127.0.0.1",
            Integer.toString(one.port()));
    awaitReplica();
    sentinel =
        RedisProcess.startSentinel(Files.createDirectory(directory.resolve("sentinel")), one);
    RedisBackendOptions options =
        new RedisBackendOptions()
            .setTopology(RedisTopology.SENTINEL)
            .setMinReplicas(1)
            .setUrl(sentinel.url());
    engine =
        ShieldEngine.create(
            vertx,
            new ShieldOptions()
                .setBackend(RedisBackend.create(options))
                .putSetting("SHIELD_CACHE_DIR", "off"));
    get(engine.start());

    List<Future<Void>> writers = Stream.generate(this::write).limit(WRITERS).toList();
    for (int i = 0; i < FAILOVERS; i++) {
      int until = (i + 1) * CHANGES / (FAILOVERS + 1);
      await().atMost(Duration.ofMinutes(5)).until(() -> asked.get() >= until);
      awaitReplica();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () ->
                  command(sentinelUrl(), Command.INFO, "sentinel").toString().contains("slaves=1"));
      if (i % 2 == 0) {
        planned();
      } else {
        unplanned();
      }
    }
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> writers.stream().allMatch(Future::isComplete));

    Set<String> lost = new HashSet<>(confirmed);
    command(master().url(), Command.HKEYS, "shield:meta:documents")
        .forEach(name -> lost.remove(name.toString()));
    LOG.warn(
        "{} failovers, {} changes: {} confirmed, {} open or refused, {} lost, the longest {} ms",
        FAILOVERS,
        CHANGES,
        confirmed.size(),
        open,
        lost.size(),
        longest);
    assertThat(lost).isEmpty();
    assertThat(longest.get()).as("the longest wait for a change, ms").isLessThanOrEqualTo(6000);
  }

  private String sentinelUrl() {
    return "redis://127.0.0.1:" + sentinel.port();
  }

  private RedisProcess master() throws Exception {
    String port =
        command(sentinelUrl(), Command.SENTINEL, "GET-MASTER-ADDR-BY-NAME", "mymaster")
            .get(1)
            .toString();
    return port.equals(Integer.toString(one.port())) ? one : two;
  }

  private RedisProcess other(RedisProcess server) {
    return server == one ? two : one;
  }

  /** One is the other's replica, and up to date. */
  private void awaitReplica() {
    await()
        .ignoreExceptions()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                Stream.of(one, two)
                    .anyMatch(server -> replication(server).contains("master_link_status:up")));
  }

  private String replication(RedisProcess server) {
    try {
      return command(server.url(), Command.INFO, "replication").toString();
    } catch (Exception notNow) {
      return "";
    }
  }

  private void planned() throws Exception {
    RedisProcess old = master();
    await()
        .ignoreExceptions() // One failover follows another after a while only.
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              if (master() == old) {
                command(sentinelUrl(), Command.SENTINEL, "FAILOVER", "mymaster");
              }
              return master() != old;
            });
  }

  private void unplanned() throws Exception {
    RedisProcess old = master();
    RedisProcess next = other(old);
    old.kill();
    await().atMost(Duration.ofMinutes(2)).until(() -> master() == next);
    old.restart();
  }
}
