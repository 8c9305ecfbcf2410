package io.shield.bench.shared;

import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.bench.limits.AddressRequest;
import io.shield.decision.Site;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The limits of an engine that counts in a Redis, all that a request pays of them. */
final class Shield implements AutoCloseable {
  private static final String PATH = "/bench";
  private static final String PLENTY = "1000000000/hour";

  private final LimitClock clock = LimitClock.of(InstantSource.system());
  private final LongAdder skipped = new LongAdder();
  private final Vertx vertx;
  private final SharedCounters counters;
  private final RateLimiting one;
  private final RateLimiting three;
  private final RateLimiting leased;
  private final RateLimiting refusing;
  private final String[] addresses = new String[100_000];
  private int next;

  Shield(Vertx vertx, String url) throws Exception {
    this.vertx = vertx;
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
    }
    RedisBackendOptions options = new RedisBackendOptions().setUrl(url);
    counters = Objects.requireNonNull(RedisBackend.create(options).sharedCounters());
    counters.startup(vertx).await(10, TimeUnit.SECONDS);
    RateLimitPolicy plenty = RateLimitPolicy.of("GET", PATH, PLENTY);
    one = inForce(plenty, false);
    three = inForce(plenty, true);
    leased = inForce(plenty.toBuilder().lease(true).build(), false);
    refusing = inForce(RateLimitPolicy.of("GET", PATH, "1/day"), false);
  }

  private RateLimiting inForce(RateLimitPolicy own, boolean wide) {
    Map<DocumentKey, Versioned<?>> policies = new HashMap<>();
    put(policies, DocumentKey.policy(own.key()), own);
    if (wide) {
      put(policies, DocumentKey.globalRateLimit(), GlobalRateLimitPolicy.of(PLENTY));
      put(policies, DocumentKey.serviceRateLimit("billing"), GlobalRateLimitPolicy.of(PLENTY));
    }
    RateLimiting limits =
        new RateLimiting(new Site("bench", "billing"), clock, (refused, resetAt) -> {});
    limits.prepare(Snapshot.of(new Head("bench", 1, "bench"), policies)).run();
    limits.share(counters);
    return limits;
  }

  private static <T extends DocumentValue> void put(
      Map<DocumentKey, Versioned<?>> policies, DocumentKey key, T value) {
    policies.put(key, new Versioned<>(value, 1));
  }

  /** While the store is not asked nothing is decided here: the process would count for itself. */
  private Future<?> charge(RateLimiting limits, String address) {
    if (limits.storeProblem() != null) {
      skipped.increment();
      return vertx.timer(1, TimeUnit.MILLISECONDS);
    }
    return limits.chargeShared(new AddressRequest(PATH, limits, address));
  }

  /** Each time another caller, so that each decision is a call of its own. */
  private String another() {
    next = next + 1 == addresses.length ? 0 : next + 1;
    return addresses[next];
  }

  Future<?> exact() {
    return charge(one, another());
  }

  Future<?> three() {
    return charge(three, another());
  }

  Future<?> hot() {
    return charge(one, "192.0.2.1");
  }

  Future<?> leased() {
    return charge(leased, "192.0.2.2");
  }

  Future<?> refused() {
    return charge(refusing, "192.0.2.3");
  }

  /** How many decisions got no answer in time, or were not asked for as the store had failed. */
  long failures() {
    return skipped.sum()
        + one.storeFailures()
        + three.storeFailures()
        + leased.storeFailures()
        + refusing.storeFailures();
  }

  @Override
  public void close() {
    clock.close();
    counters.shutdown().toCompletionStage().toCompletableFuture().join();
  }
}
