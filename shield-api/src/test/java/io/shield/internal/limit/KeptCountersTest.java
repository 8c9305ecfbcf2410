package io.shield.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.CounterStore;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.KeptCounters.Kept;
import io.shield.spi.limit.LiveCounter;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters read from one engine's limits and restored to another's. */
class KeptCountersTest {
  private static final Head HEAD = new Head("e", 1, "c");
  private static final RateLimitPolicy PAY = RateLimitPolicy.of("GET", "/pay", "2/minute");

  private final MutableClock clock = MutableClock.create();

  private RateLimiting limits(RateLimitPolicy... policies) {
    RateLimiting limits =
        new RateLimiting(new Site("test", null), LimitClock.of(clock), (refused, resetAt) -> {});
    inForce(limits, policies);
    return limits;
  }

  private static void inForce(RateLimiting limits, RateLimitPolicy... policies) {
    Map<DocumentKey, Versioned<?>> all = new LinkedHashMap<>();
    for (RateLimitPolicy policy : policies) {
      all.put(DocumentKey.policy(policy.key()), new Versioned<>(policy, 1));
    }
    limits.prepare(Snapshot.of(HEAD, all)).run();
  }

  private static boolean passes(RateLimiting limits, String path, String address) {
    LimitedRequest request =
        new TestRequest(
            path, HttpMethod.GET, limits.of(path, HttpMethod.GET), new TestCaller(address));
    return limits.charge(request).refusal() == null;
  }

  private static void useUp(RateLimiting limits) {
    while (passes(limits, "/pay", "192.0.2.1")) {
      assertThat(limits.takeCharged()).isTrue();
    }
    assertThat(passes(limits, "/pay", "192.0.2.2")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(RateLimitAlgorithm.class)
  void whatWasUsedUpStaysUsedUpUntilItHasPassed(RateLimitAlgorithm algorithm) {
    RateLimitPolicy policy = PAY.toBuilder().algorithm(algorithm).build();
    RateLimiting before = limits(policy);
    useUp(before);
    List<KeptCounters> kept = before.counters(HEAD);
    clock.advance(Duration.ofSeconds(5));

    RateLimiting after = limits(policy);
    after.restore(kept);
    assertThat(passes(after, "/pay", "192.0.2.1")).isFalse();
    assertThat(passes(after, "/pay", "192.0.2.2")).isTrue();
    assertThat(passes(after, "/pay", "192.0.2.2")).as("it had one left").isFalse();
    assertThat(passes(after, "/pay", "192.0.2.3")).isTrue();

    clock.advance(Duration.ofMinutes(3));
    RateLimiting late = limits(policy);
    late.restore(kept);
    assertThat(late.counters(HEAD)).as("what has passed").isEmpty();
    assertThat(passes(late, "/pay", "192.0.2.1")).isTrue();
  }

  @Test
  void aPolicyThatComesLaterFindsItsCounters() {
    RateLimiting before = limits(PAY);
    useUp(before);
    RateLimiting after = limits();
    after.restore(before.counters(HEAD));
    inForce(after, PAY);
    assertThat(passes(after, "/pay", "192.0.2.1")).isFalse();
  }

  @Test
  void aResetReachesCountersThatWaitForTheirPolicy() {
    RateLimiting before = limits(PAY);
    useUp(before);
    assertThat(passes(before, "/pay", "192.0.2.2")).isTrue();
    List<KeptCounters> kept = before.counters(HEAD);
    String first = kept.get(0).counters().get(0).counter().key();
    RateLimiting one = limits();
    one.restore(kept);
    one.reset(PAY.key(), first, Head.NONE);
    inForce(one, PAY);
    assertThat(one.counters(HEAD).get(0).counters())
        .extracting(counter -> counter.counter().key())
        .doesNotContain(first)
        .hasSize(1);
    RateLimiting all = limits();
    all.restore(kept);
    all.reset(PAY.key(), null, Head.NONE);
    inForce(all, PAY);
    assertThat(all.counters(HEAD)).isEmpty();
    RateLimiting every = limits();
    every.restore(kept);
    every.resetAll(Head.NONE);
    inForce(every, PAY);
    assertThat(every.counters(HEAD)).isEmpty();
  }

  @Test
  void anotherRuleStartsAnew() {
    RateLimiting before = limits(PAY);
    useUp(before);
    List<KeptCounters> kept = before.counters(HEAD);
    for (RateLimitPolicy changed :
        List.of(
            PAY.toBuilder().limit("2/hour").build(),
            PAY.toBuilder().limit("3/minute").build(),
            PAY.toBuilder().burst(1).build(),
            PAY.toBuilder().algorithm(RateLimitAlgorithm.SLIDING_WINDOW).build(),
            PAY.toBuilder().keyStrategy(KeyStrategy.GLOBAL).build(),
            PAY.toBuilder().limit("9/minute").tiers(tier("2/minute")).build())) {
      RateLimiting after = limits(changed);
      after.restore(kept);
      assertThat(after.counters(HEAD)).as(changed.toString()).isEmpty();
    }
    RateLimiting same = limits(PAY.toBuilder().tiers(tier("5/minute")).shadow(true).build());
    same.restore(kept);
    assertThat(same.counters(HEAD)).hasSize(1);
  }

  private static List<RateLimitTier> tier(String limit) {
    return List.of(new RateLimitTier("pro", limit));
  }

  @Test
  void whoeverHasChargedNothingHasNothingToSave() {
    RateLimiting limits = limits(PAY);
    assertThat(limits.takeCharged()).isFalse();
    passes(limits, "/pay", "192.0.2.1");
    assertThat(limits.takeCharged()).isTrue();
    assertThat(limits.takeCharged()).isFalse();
    limits.reset(PAY.key(), null, Head.NONE);
    assertThat(limits.takeCharged()).isTrue();
  }

  /** Of more counters than are kept, those go that let requests pass. */
  @Test
  void countersThatRefuseAreKeptFirst() {
    RateLimitPolicy one = RateLimitPolicy.of("GET", "/one", "5/minute");
    RateLimitPolicy two = RateLimitPolicy.of("GET", "/two", "1/minute");
    RateLimiting limits = limits(one, two);
    limits.restore(List.of(filled(one, 60_000), filled(two, 60_000)));
    List<KeptCounters> kept = limits.counters(HEAD);
    List<Kept> all = new ArrayList<>();
    kept.forEach(counters -> all.addAll(counters.counters()));
    assertThat(all).hasSize(CounterStore.MAX_COUNTERS);
    assertThat(all.stream().filter(Kept::refusing)).hasSize(60_000);
  }

  private KeptCounters filled(RateLimitPolicy policy, int keys) {
    RateLimiting limits = limits(policy);
    passes(limits, policy.path(), "192.0.2.1");
    KeptCounters kept = limits.counters(HEAD).get(0);
    List<Kept> many = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      LiveCounter.Use use = kept.counters().get(0).counter().uses().get(0);
      many.add(new Kept(new LiveCounter("ip:" + i, List.of(use)), false, 0));
    }
    return new KeptCounters(kept.limit(), HEAD, many);
  }
}
