package io.shield.backend.redis.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisProcess;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters;
import io.shield.spi.limit.SharedCounters.Answer;
import io.shield.spi.limit.SharedCounters.Demand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters that may lie on several nodes of a Redis Cluster, each policy's on one. */
class CountersPerPolicyTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Vertx vertx = Vertx.vertx();
  private RedisProcess redis;
  private SharedCounters counters;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory, "--appendfsync", "no");
    counters =
        RedisBackend.create(
                new RedisBackendOptions().setUrl(redis.url()).setCountersPerPolicy(true),
                InstantSource.system())
            .sharedCounters();
    get(counters.startup(vertx));
  }

  @AfterEach
  void stop() {
    get(counters.shutdown());
    get(vertx.close());
    redis.close();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static Demand demand(String policy, int count) {
    LimitRule rule =
        LimitRule.of(RateLimitAlgorithm.FIXED_WINDOW, new RateLimit(count, Duration.ofDays(1)));
    return new Demand(new Limit(policy, null, KeyStrategy.IP, rule), "key", 1, false, 0);
  }

  /** Asks until there is an answer: what comes late may be counted all the same. */
  private Answer charge(Demand... demands) {
    Answer[] answer = new Answer[1];
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              answer[0] = get(counters.charge(List.of(demands)).otherwise(e -> null));
              return answer[0] != null;
            });
    return answer[0];
  }

  private long remaining(Demand demand) {
    Demand look = new Demand(demand.limit(), demand.key(), 0, false, 0);
    return charge(look).standings().get(0).remaining();
  }

  @Test
  void whatOnePolicyRefusesOthersGetBack() {
    Demand wide = demand("wide", 1000);
    Demand narrow = demand("narrow", 2);
    Demand shadow = new Demand(demand("shadow", 5).limit(), "key", 1, true, 0);
    while (charge(wide, narrow, shadow).admitted()) {
      // Until the narrow one refuses.
    }
    long before = remaining(wide);

    for (int i = 0; i < 5; i++) {
      Answer refused = charge(wide, narrow, shadow);
      assertThat(refused.admitted()).isFalse();
      assertThat(refused.standings()).noneMatch(SharedCounters.Standing::counted);
      assertThat(refused.standings().get(1).waitMicros()).isPositive();
    }

    // What came late may stay used; what was answered is given back.
    await().atMost(PATIENCE).until(() -> remaining(wide) >= before - 5);
    assertThat(remaining(narrow)).isZero();
    assertThat(remaining(shadow)).isGreaterThanOrEqualTo(0);
  }

  @Test
  void policiesHaveHashTagsOfTheirOwn() {
    Set<String> tags = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      charge(demand("policy" + i, 10));
    }
    Redis client = Redis.createClient(vertx, redis.url());
    for (Response key : get(client.send(Request.cmd(Command.KEYS).arg("shield:ratelimit:*")))) {
      String text = key.toString();
      if (text.contains("|")) {
        tags.add(text.substring(text.indexOf('{'), text.indexOf('}')));
      }
    }
    client.close();
    assertThat(tags).hasSizeGreaterThan(4);
    Limit limit = demand("policy1", 10).limit();
    assertThat(CounterKeys.of("{t}shield:", true).prefix(limit))
        .matches("\\{t[0-9a-f]{2}}shield:ratelimit:");
    assertThat(CounterKeys.of("{t}shield:", false).prefix(limit)).isEqualTo("{t}shield:ratelimit:");
    assertThat(CounterKeys.of("shield:", false).prefix(limit))
        .isEqualTo("shield:ratelimit:{counts}:");
  }

  @Test
  void aResetForgetsWhereverItLies() {
    Demand demand = demand("once", 1);
    while (charge(demand).admitted()) {
      // Once, or not at all if the answer was late.
    }
    counters.reset(demand.limit(), demand.key());
    await().atMost(PATIENCE).until(() -> remaining(demand) == 1);
  }
}
