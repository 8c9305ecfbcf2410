package io.shield.backend.redis.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.backend.redis.RedisProcess;
import io.shield.fixtures.LimitModel;
import io.shield.fixtures.Seeds;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The scripts that count on a real Redis, with a given time, beside the model of the algorithms.
 */
class CounterScriptsTest {
  private static final long NOW = 1_900_000_800_000_000L;
  private static final String GENERATIONS = "gens";
  private static final List<Long> COUNTS = List.of(1L, 2L, 3L, 7L, 10L, 97L, 8_193L, 999_983L);

  /** Long ones: keys expire in true time, which passes beside the given one. */
  private static final List<Duration> PERIODS =
      List.of(Duration.ofDays(100), Duration.ofNanos(9_876_543_210_123_000L), Duration.ofDays(365));

  @TempDir static Path directory;
  private static final Vertx VERTX = Vertx.vertx();
  private static RedisProcess process;
  private static RedisConnection redis;

  @BeforeAll
  static void start() throws Exception {
    process = RedisProcess.start(directory, "--appendfsync", "no");
    redis = await(Redis.createClient(VERTX, process.url()).connect());
  }

  @AfterAll
  static void stop() {
    process.close();
    await(VERTX.close());
  }

  @BeforeEach
  void clear() {
    await(redis.send(Request.cmd(Command.FLUSHALL)));
    await(redis.send(Request.cmd(Command.CONFIG).arg("SET").arg("maxmemory").arg("0")));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** One counter of a call. */
  private record Counter(
      String key, LimitRule rule, long cost, int group, String policy, String generation) {
    static Counter of(String key, LimitRule rule, long cost) {
      return new Counter(key, rule, cost, 0, "policy", "");
    }

    Counter since(String reset) {
      return new Counter(key, rule, cost, group, policy, reset);
    }
  }

  /** What a call answers about one counter. */
  private record Count(long counted, long remaining, long after, long idle) {}

  private record Answer(long admitted, long at, List<Count> counts) {}

  private static Response run(Script script, String first, String second, List<Counter> counters) {
    Request request =
        Request.cmd(Command.EVAL).arg(script.text()).arg(counters.size() + 1).arg(GENERATIONS);
    counters.forEach(counter -> request.arg(counter.key));
    request.arg(first).arg(second);
    for (Counter counter : counters) {
      request
          .arg(counter.group)
          .arg(counter.policy)
          .arg(counter.generation)
          .arg(counter.rule.algorithm().wireName())
          .arg(counter.rule.capacity())
          .arg(counter.rule.limit().count())
          .arg(counter.rule.periodMicros())
          .arg(counter.cost)
          .arg(0);
    }
    return await(redis.send(request));
  }

  private static Answer charge(long now, int requests, Counter... counters) {
    Response answer =
        run(Script.CHARGE, Long.toString(now), Integer.toString(requests), List.of(counters));
    List<Count> counts = new ArrayList<>();
    for (int i = 2; i < answer.size(); i += 4) {
      counts.add(
          new Count(
              answer.get(i).toLong(),
              answer.get(i + 1).toLong(),
              answer.get(i + 2).toLong(),
              answer.get(i + 3).toLong()));
    }
    return new Answer(answer.get(0).toLong(), answer.get(1).toLong(), counts);
  }

  private static LimitRule rule(RateLimitAlgorithm algorithm, long count, Duration period) {
    return LimitRule.of(algorithm, new RateLimit(count, period));
  }

  @ParameterizedTest
  @EnumSource
  void answersAsTheModelDoes(RateLimitAlgorithm algorithm) {
    Random random = Seeds.random("answersAsTheModelDoes " + algorithm);
    for (int run = 0; run < 20; run++) {
      clear();
      LimitRule rule = randomRule(algorithm, random);
      LimitModel model = new LimitModel(rule);
      long now = NOW + random.nextInt(1_000_000_000);
      for (int i = 0; i < 150; i++) {
        now += step(rule, random);
        String key = "key" + random.nextInt(2);
        long cost = random.nextInt(3) > 0 ? 1 : random.nextLong(rule.capacity() + 1);
        Answer answer = charge(now, 1, Counter.of(key, rule, cost));
        long expected = model.charge(key, cost, now);
        Count count = answer.counts.get(0);
        if (expected >= 0) {
          assertThat(answer.admitted).isOne();
          assertThat(count.remaining).isEqualTo(expected);
        } else {
          assertThat(answer.admitted).isZero();
          assertThat(count.after).isPositive();
          assertThat(model.passes(key, cost, now + count.after)).isTrue();
          assertThat(model.passes(key, cost, now + count.after - 1)).isFalse();
        }
        assertThat(model.passes(key, rule.capacity(), now + count.idle)).isTrue();
      }
    }
  }

  private static LimitRule randomRule(RateLimitAlgorithm algorithm, Random random) {
    int counts = algorithm == RateLimitAlgorithm.MOVING_WINDOW ? 6 : COUNTS.size();
    RateLimit limit =
        new RateLimit(
            COUNTS.get(random.nextInt(counts)), PERIODS.get(random.nextInt(PERIODS.size())));
    return new LimitRule(algorithm, limit, random.nextBoolean() ? 0 : random.nextInt(10));
  }

  private static long step(LimitRule rule, Random random) {
    long unit = Math.max(1, rule.periodMicros() / rule.limit().count());
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> random.nextLong(3 * unit + 1);
      case 3 -> 1;
      case 4 -> random.nextLong(rule.periodMicros() + 1);
      case 5 -> random.nextInt(10) == 0 ? random.nextLong(3 * rule.periodMicros()) : 0;
      default -> 0;
    };
  }

  /** So many requests that wait together are charged as one after the other would be. */
  @ParameterizedTest
  @EnumSource
  void equalRequestsAreChargedTogetherAsOneAfterTheOther(RateLimitAlgorithm algorithm) {
    Random random = Seeds.random("equalRequestsAreChargedTogether " + algorithm);
    for (int run = 0; run < 60; run++) {
      clear();
      LimitRule rule = rule(algorithm, 20, Duration.ofSeconds(100));
      long now = NOW;
      for (int i = 0; i < 40; i++) {
        now += random.nextInt(20_000_000);
        int requests = 1 + random.nextInt(8);
        long cost = 1L + random.nextInt(4);
        Answer together = charge(now, requests, Counter.of("together", rule, cost));
        long admitted = 0;
        Answer single = null;
        for (int request = 0; request < requests; request++) {
          single = charge(now, 1, Counter.of("single", rule, cost));
          admitted += single.admitted;
        }
        assertThat(together.admitted).isEqualTo(admitted);
        assertThat(together.counts.get(0).remaining).isEqualTo(single.counts.get(0).remaining);
        assertThat(together.counts.get(0).after).isEqualTo(single.counts.get(0).after);
        assertThat(together.counts.get(0).idle).isEqualTo(single.counts.get(0).idle);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void allAreChargedOrNone(RateLimitAlgorithm algorithm) {
    Counter wide = Counter.of("wide", rule(algorithm, 9, Duration.ofMinutes(1)), 1);
    Counter narrow = Counter.of("narrow", rule(algorithm, 2, Duration.ofMinutes(1)), 1);
    assertThat(charge(NOW, 1, wide, narrow).counts)
        .extracting(Count::remaining)
        .containsExactly(8L, 1L);
    assertThat(charge(NOW, 5, wide, narrow).admitted).isOne();
    Answer refused = charge(NOW, 1, wide, narrow);
    assertThat(refused.admitted).isZero();
    assertThat(refused.counts).extracting(Count::remaining).containsExactly(7L, 0L);
    assertThat(refused.counts.get(0).after).isZero();
    assertThat(refused.counts.get(1).after).isPositive();
  }

  @Test
  void aShadowPolicyCountsWhatPassedAndRefusesNothing() {
    LimitRule rule = rule(RateLimitAlgorithm.FIXED_WINDOW, 2, Duration.ofMinutes(1));
    Counter enforced =
        Counter.of("a", rule(RateLimitAlgorithm.FIXED_WINDOW, 5, Duration.ofMinutes(1)), 1);
    Counter shadow = new Counter("b", rule, 1, 1, "shadow", "");
    Answer answer = charge(NOW, 4, enforced, shadow);
    assertThat(answer.admitted).isEqualTo(4);
    assertThat(answer.counts).extracting(Count::counted).containsExactly(4L, 2L);
    assertThat(charge(NOW, 4, enforced, shadow).counts)
        .extracting(Count::counted)
        .containsExactly(1L, 0L);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRefundedAtOnceIsBack(RateLimitAlgorithm algorithm) {
    Counter counter = Counter.of("a", rule(algorithm, 5, Duration.ofMinutes(1)), 2);
    charge(NOW, 1, counter);
    Answer second = charge(NOW + 7, 1, counter);
    run(Script.REFUND, Long.toString(NOW + 9), Long.toString(second.at), List.of(counter));
    assertThat(charge(NOW + 9, 1, Counter.of("a", counter.rule, 3)).admitted).isOne();
    assertThat(charge(NOW + 9, 1, Counter.of("a", counter.rule, 1)).admitted).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void theShareInUseStaysWhenTheRuleIsReplaced(RateLimitAlgorithm algorithm) {
    Counter five = Counter.of("a", rule(algorithm, 5, Duration.ofMinutes(1)), 4);
    charge(NOW, 1, five);
    LimitRule ten = rule(algorithm, 10, Duration.ofMinutes(1));
    assertThat(charge(NOW + 5, 1, Counter.of("a", ten, 3)).admitted).isZero();
    assertThat(charge(NOW + 5, 1, Counter.of("a", ten, 2)).admitted).isOne();
    for (RateLimitAlgorithm other : RateLimitAlgorithm.values()) {
      LimitRule rule = rule(other, 10, Duration.ofSeconds(59));
      Answer answer = charge(NOW + 9, 1, Counter.of("a", rule, 1));
      assertThat(answer.admitted).as(other.name()).isZero();
      assertThat(answer.counts.get(0).after).isBetween(1L, 118_000_000L);
      charge(NOW + 9, 1, Counter.of("a", ten, 0));
    }
  }

  /** As far as a day ahead, for one reading. */
  @ParameterizedTest
  @EnumSource
  void aWrongReadingOfTheServersClockBlocksNobody(RateLimitAlgorithm algorithm) {
    Counter counter = Counter.of("a", rule(algorithm, 5, Duration.ofMinutes(1)), 1);
    charge(NOW + Duration.ofDays(1).toMillis() * 1000, 9, counter);
    Answer refused = charge(NOW, 9, counter);
    assertThat(refused.counts.get(0).after).isBetween(1L, 120_000_000L);
    long later = NOW + refused.counts.get(0).after;
    assertThat(charge(later, 1, counter).admitted).isOne();
  }

  @Test
  void aResetForgetsOnceWhatAPolicyCounted() {
    Counter counter =
        Counter.of("a", rule(RateLimitAlgorithm.MOVING_WINDOW, 2, Duration.ofMinutes(1)), 1);
    charge(NOW, 2, counter);
    assertThat(charge(NOW, 1, counter).admitted).isZero();
    assertThat(charge(NOW, 2, counter.since("7@epoch")).admitted).isEqualTo(2);
    assertThat(charge(NOW, 1, counter.since("7@epoch")).admitted).isZero();
    assertThat(charge(NOW, 1, counter.since("6@epoch")).admitted).isZero();
    assertThat(charge(NOW, 1, counter).admitted).isZero();
    assertThat(charge(NOW, 1, counter.since("8@epoch")).admitted).isOne();
    assertThat(charge(NOW, 2, counter.since("1@next")).admitted).isEqualTo(2);
    assertThat(charge(NOW, 1, counter).admitted).isZero();
  }

  /** Each has a store of its own, so that neither knows of the other's resets. */
  @Test
  void processesThatTellDifferentResetsDoNotResetEachOther() {
    Counter counter =
        Counter.of("a", rule(RateLimitAlgorithm.FIXED_WINDOW, 4, Duration.ofMinutes(1)), 1);
    List<Counter> both = List.of(counter.since("7@one"), counter.since("3@other"));
    long admitted = 0;
    for (int i = 0; i < 20; i++) {
      admitted += charge(NOW, 1, both.get(i % 2)).admitted;
    }
    assertThat(admitted).as("one before the other is known, and four").isEqualTo(5);
  }

  /** Nothing of a call is written, not the half of it. */
  @Test
  void aFullMemoryRefusesACallAsAWhole() {
    Counter one =
        Counter.of("a", rule(RateLimitAlgorithm.MOVING_WINDOW, 9, Duration.ofMinutes(1)), 1);
    Counter other =
        Counter.of("b", rule(RateLimitAlgorithm.FIXED_WINDOW, 9, Duration.ofMinutes(1)), 1);
    charge(NOW, 1, one, other);
    Map<String, String> before = contents();
    await(redis.send(Request.cmd(Command.CONFIG).arg("SET").arg("maxmemory").arg("1")));
    assertThatThrownBy(() -> charge(NOW + 1, 1, one, other)).hasMessageContaining("OOM");
    assertThat(contents()).isEqualTo(before);
  }

  private static Map<String, String> contents() {
    Map<String, String> all = new HashMap<>();
    for (String key : List.of("a", "b")) {
      all.put(key, await(redis.send(Request.cmd(Command.GET).arg(key))).toString());
    }
    all.put(
        "a:log",
        await(redis.send(Request.cmd(Command.LRANGE).arg("a:log").arg(0).arg(-1))).toString());
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void keysExpireWithTheirState(RateLimitAlgorithm algorithm) {
    Counter counter = Counter.of("a", rule(algorithm, 5, Duration.ofMinutes(1)), 1);
    Answer answer = charge(NOW, 1, counter);
    long ttl = await(redis.send(Request.cmd(Command.PTTL).arg("a"))).toLong();
    assertThat(ttl).isBetween(1L, answer.counts.get(0).idle / 1000 + 2);
    if (algorithm == RateLimitAlgorithm.MOVING_WINDOW) {
      assertThat(await(redis.send(Request.cmd(Command.PTTL).arg("a:log"))).toLong()).isPositive();
    }
  }
}
