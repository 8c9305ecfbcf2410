package io.shield.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests whose policies count all callers alike, which most do. */
class PlainChargingTest {
  private static final String PATH = "/x";

  /**
   * An object for the request, one for the charge, one for its limits' answers, and three times
   * what this clock allocates when it is read; none for each policy.
   */
  private static final long MOST_BYTES = 320;

  private static final int CHARGES = 20_000;

  private final MutableClock clock = MutableClock.create();

  private RateLimiting limiting(RateLimitPolicy own, String wide) {
    Map<DocumentKey, Versioned<?>> all = new LinkedHashMap<>();
    all.put(DocumentKey.globalRateLimit(), versioned(GlobalRateLimitPolicy.of(wide)));
    all.put(DocumentKey.serviceRateLimit("billing"), versioned(GlobalRateLimitPolicy.of(wide)));
    all.put(DocumentKey.policy(own.key()), versioned(own));
    RateLimiting limits =
        new RateLimiting(
            new Site("test", "billing"), LimitClock.of(clock), (refused, resetAt) -> {});
    limits.prepare(Snapshot.of(new Head("e", 1, "c"), all)).run();
    return limits;
  }

  private static <T extends DocumentValue> Versioned<T> versioned(T value) {
    return new Versioned<>(value, 1);
  }

  private static Charge charge(RateLimiting limits, LimitCaller caller, int cost) {
    return limits.charge(
        new TestRequest(PATH, HttpMethod.GET, limits.of(PATH, HttpMethod.GET), caller, cost, null));
  }

  /** An exemption that nobody has has each request looked at. */
  @Test
  void theyAreChargedAsThoseThatAreLookedAt() {
    Random random = Seeds.random("PlainChargingTest");
    RateLimitPolicy own = RateLimitPolicy.of("GET", PATH, "3/second;20/minute");
    RateLimiting plain = limiting(own, "8/minute");
    RateLimiting looked =
        limiting(own.toBuilder().exemptRoles(List.of("nobody")).build(), "8/minute");
    assertThat(plain.of(PATH, HttpMethod.GET).plain()).hasSize(4);
    assertThat(looked.of(PATH, HttpMethod.GET).plain()).isNull();
    for (int i = 0; i < 5000; i++) {
      LimitCaller caller = new TestCaller("192.0.2." + random.nextInt(3));
      int cost = random.nextInt(4) - 1;
      Charge one = charge(plain, caller, cost);
      Charge other = charge(looked, caller, cost);
      assertThat(one.refusal()).isEqualTo(other.refusal());
      assertThat(one.standings()).isEqualTo(other.standings());
      clock.advance(Duration.ofMillis(random.nextInt(2000)));
    }
  }

  @Test
  void chargingThemAllocatesLittle() {
    RateLimiting limits = limiting(RateLimitPolicy.of("GET", PATH, "1000000/hour"), "1000000/hour");
    LimitCaller caller = new TestCaller("192.0.2.1");
    long[] least = {Long.MAX_VALUE};
    for (int round = 0; round < 5; round++) {
      long before = allocated();
      for (int i = 0; i < CHARGES; i++) {
        charge(limits, caller, LimitedRequest.FIXED_COST)
            .tellTightest(least, (to, capacity, remaining, resetAt) -> to[0] = remaining);
      }
      assertThat(allocated() - before)
          .as("round %d", round)
          .isLessThan(round == 0 ? Long.MAX_VALUE : CHARGES * MOST_BYTES);
    }
    assertThat(least[0]).isEqualTo(1_000_000 - 5 * CHARGES);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
