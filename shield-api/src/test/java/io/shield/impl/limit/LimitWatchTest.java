package io.shield.impl.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.limit.LimitedRequest;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.KeyStrategy;
import io.shield.model.OnMissingKey;
import io.shield.model.RateLimitPolicy;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitWatchTest {
  private final Vertx vertx = Vertx.vertx();
  private final RateLimiting limits =
      new RateLimiting(
          new Site("test", null), LimitClock.of(MutableClock.create()), (refused, at) -> {});
  private final LimitWatch watch =
      new LimitWatch(((VertxInternal) vertx).createEventLoopContext(), limits);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void inForce(RateLimitPolicy policy) {
    limits
        .prepare(
            Snapshot.of(
                new Head("e", 1, "c"),
                Map.of(DocumentKey.policy(policy.key()), new Versioned<>(policy, 1))))
        .run();
  }

  private void charge(String address) {
    limits.charge(request(address));
  }

  private LimitedRequest request(String address) {
    return new TestRequest(
        "/x", HttpMethod.GET, limits.of("/x", HttpMethod.GET), new TestCaller(address));
  }

  @Test
  void requestsThatWereRefusedForWantOfAKeyAreToldOnceAMinute() {
    RateLimitPolicy byUser =
        RateLimitPolicy.of("GET", "/x", "1/minute").toBuilder()
            .keyStrategy(KeyStrategy.USER)
            .onMissingKey(OnMissingKey.BLOCK)
            .build();
    inForce(byUser);
    assertThat(watch.news()).isNull();
    charge("192.0.2.1");
    charge("192.0.2.1");
    assertThat(limits.keyless()).isEqualTo(2);
    assertThat(watch.news()).contains("2 were refused").doesNotContain("uncounted");
    charge("192.0.2.1");
    for (int look = 0; look < 5; look++) {
      assertThat(watch.news()).isNull();
    }
    assertThat(watch.news()).contains("1 were refused");
  }

  /**
   * One late answer after the other, with others in time between: no store is given up for that.
   */
  @Test
  void requestsThatGotNoAnswerOfSharedCountersAreTold() {
    inForce(RateLimitPolicy.of("GET", "/x", "1/minute"));
    limits.share(new SilentCounters());
    assertThat(watch.news()).isNull();
    limits.chargeShared(request("192.0.2.1"));
    assertThat(watch.news()).contains("1 got no answer of the shared counters in time");
  }

  @Test
  void requestsThatPassedUncountedAreTold() {
    inForce(RateLimitPolicy.of("GET", "/x", "1/minute"));
    for (int key = 0; key <= 101_000; key++) {
      charge("10." + (key >> 16) + "." + ((key >> 8) & 255) + "." + (key & 255));
    }
    assertThat(limits.uncounted()).isPositive();
    assertThat(watch.news()).contains(limits.uncounted() + " requests passed uncounted");
  }

  /** A store that answers nobody in time. */
  private static final class SilentCounters implements SharedCounters {
    @Override
    public Future<Void> startup(Vertx vertx) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Answer> charge(List<Demand> demands) {
      return Future.failedFuture("no answer in time");
    }

    @Override
    public void giveBack(Demand demand, long atMicros) {}

    @Override
    public Future<Void> giveBack(Limit limit, String key, Lease lease, long units) {
      return Future.succeededFuture();
    }

    @Override
    public void reset(String policy, Head head) {}

    @Override
    public void reset(Limit limit, String key) {}

    @Override
    public @Nullable String problem() {
      return null;
    }

    @Override
    public Future<Void> shutdown() {
      return Future.succeededFuture();
    }
  }
}
