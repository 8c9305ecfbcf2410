package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.fixtures.JavaCommand;
import io.shield.fixtures.LimitModel;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three processes on one Redis that is slow, paused, stopped, told to forget its scripts, and
 * killed: whatever it admits, by its own clock, the model of the algorithms admits too.
 *
 * <p>With {@code -Dshield.decisions=100000000} it goes on until there were so many, of which some
 * hundred are under way at any moment.
 */
class SharedLimitsUnderFireTest {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLimitsUnderFireTest.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PROCESSES = 3;
  private static final int SLOW = 10;
  private static final long FEW = 3_000;
  private static final long DECISIONS = Long.getLong("shield.decisions", FEW);
  private static final int UNDER_WAY = DECISIONS > FEW ? 256 : 8;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<Process> processes = new ArrayList<>();
  private final Map<RateLimitAlgorithm, List<Long>> admitted =
      new EnumMap<>(RateLimitAlgorithm.class);

  /** Those that were admitted something: on a busy machine one starts long after another. */
  private final Set<Process> heard = ConcurrentHashMap.newKeySet();

  private final AtomicLong seen = new AtomicLong();
  private final AtomicLong decisions = new AtomicLong();
  private final AtomicLong longestMicros = new AtomicLong();
  private RedisProcess redis;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(directory);
    for (RateLimitAlgorithm algorithm : RateLimitAlgorithm.values()) {
      admitted.put(algorithm, Collections.synchronizedList(new ArrayList<>()));
    }
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    redis.close();
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Test
  void whateverPassesTheModelLetsPassToo() throws Exception {
    List<CompletableFuture<long[]>> totals = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      Process process =
          new ProcessBuilder(
                  JavaCommand.of(CountingProcess.class, redis.url(), Integer.toString(UNDER_WAY)))
              .redirectError(directory.resolve("errors" + i).toFile())
              .start();
      processes.add(process);
      totals.add(CompletableFuture.supplyAsync(() -> read(process)));
    }
    await().atMost(PATIENCE).until(() -> heard.size() == PROCESSES);
    untilMore();
    command("SCRIPT", "FLUSH");
    untilMore();
    command("CLIENT", "PAUSE", "100");
    untilMore();
    for (int i = 0; i < SLOW; i++) {
      // Longer than any request waits; what comes too late is counted all the same.
      command("EVAL", "for i = 1, 2000000 do end", "0");
    }
    untilMore();
    redis.halt();
    redis.resume();
    untilMore();
    redis.kill();
    redis.restart();
    untilMore();
    await().atMost(Duration.ofDays(1)).until(() -> decisions.get() >= DECISIONS);
    for (Process process : processes) {
      process.getOutputStream().close();
    }
    long answered = 0;
    for (CompletableFuture<long[]> total : totals) {
      long[] counts = total.get(60, TimeUnit.SECONDS);
      answered += counts[0];
      assertThat(counts[0]).as("answers of one process, %s failed", counts[1]).isPositive();
    }
    LOG.info(
        "{} decisions of Redis, {} of them admitted, the longest wait {} us",
        answered,
        seen,
        longestMicros);
    admitted.forEach(SharedLimitsUnderFireTest::check);
    assertThat(answered).isGreaterThanOrEqualTo(seen.get());
  }

  /** So many that each process is likely to have asked. */
  private void untilMore() {
    long before = seen.get();
    await().atMost(PATIENCE).until(() -> seen.get() >= before + 200);
  }

  private long[] read(Process process) {
    long[] totals = new long[2];
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        long number = Long.parseLong(words[1]);
        switch (words[0]) {
          case "answered" -> totals[0] = number;
          case "failed" -> totals[1] = number;
          case "longest" -> longestMicros.accumulateAndGet(number, Math::max);
          case "more" -> decisions.addAndGet(number);
          default -> {
            admitted.get(RateLimitAlgorithm.valueOf(words[0])).add(number);
            heard.add(process);
            seen.incrementAndGet();
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return totals;
  }

  private static void check(RateLimitAlgorithm algorithm, List<Long> times) {
    LimitModel model = new LimitModel(LimitRule.of(algorithm, CountingProcess.LIMIT));
    assertThat(times).as("%s", algorithm).isNotEmpty();
    times.stream()
        .sorted()
        .forEach(at -> assertThat(model.charge("key", 1, at)).as("%s", algorithm).isNotNegative());
  }

  private void command(String name, String... arguments) {
    Request request = Request.cmd(Command.create(name));
    List.of(arguments).forEach(request::arg);
    RedisConnection made = get(Redis.createClient(vertx, redis.url()).connect());
    get(made.send(request));
    made.close();
  }
}
