package io.shield.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Policies of the store that cannot be counted: a bucket that would take ages to fill. */
class UnenforceableTest {
  private static final String KEY = "GET:/x";

  private final MutableClock clock = MutableClock.create();
  private final RateLimiting limits =
      new RateLimiting(new Site("test", null), LimitClock.of(clock), (refused, resetAt) -> {});

  private static RateLimitPolicy policy(String limit) {
    return RateLimitPolicy.of("GET", "/x", limit);
  }

  private static RateLimitPolicy unenforceable() {
    return policy("3/minute").toBuilder()
        .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
        .burst(RateLimitPolicy.MAX_BURST)
        .tiers(List.of(new RateLimitTier("slow", "1/year")))
        .build();
  }

  private void inForce(RateLimitPolicy policy) {
    Map<DocumentKey, Versioned<?>> stored =
        Map.of(DocumentKey.policy(policy.key()), new Versioned<>(policy, 1));
    limits.prepare(Snapshot.of(new Head("e", 1, "c"), stored)).run();
  }

  private Decision.RateLimited refusal() {
    return limits
        .charge(
            new TestRequest(
                "/x", HttpMethod.GET, limits.of("/x", HttpMethod.GET), new TestCaller("192.0.2.1")))
        .refusal();
  }

  @Test
  void oneIsNotInForceAndIsTold() {
    inForce(unenforceable());
    assertThat(refusal()).isNull();
    assertThat(limits.problems()).containsOnlyKeys(KEY);
    assertThat(limits.problems().get(KEY)).contains("burst").contains("10000 years");
  }

  @Test
  void whatWasInForceBeforeStaysAndGoesOnCounting() {
    inForce(policy("2/minute"));
    assertThat(refusal()).isNull();
    inForce(unenforceable());
    assertThat(limits.problems()).containsOnlyKeys(KEY);
    assertThat(refusal()).isNull();
    assertThat(refusal()).extracting(Decision.RateLimited::limit).isEqualTo("2/minute");
  }

  @Test
  void whatFollowsIsInForceAgain() {
    inForce(policy("2/minute"));
    refusal();
    inForce(unenforceable());
    inForce(unenforceable());
    inForce(policy("4/minute"));
    assertThat(limits.problems()).isEmpty();
    assertThat(refusal()).isNull();
    assertThat(refusal()).isNull();
    assertThat(refusal()).extracting(Decision.RateLimited::limit).isEqualTo("4/minute");
  }

  @Test
  void oneThatIsDeletedIsNoProblemAnyMore() {
    inForce(unenforceable());
    limits.prepare(Snapshot.empty(new Head("e", 2, "d"))).run();
    assertThat(limits.problems()).isEmpty();
  }
}
