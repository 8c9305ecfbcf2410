package io.shield.bench.limits;

import io.shield.decision.Site;
import io.shield.internal.limit.Charge;
import io.shield.internal.limit.LimitedRequest;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * All that the engine does to charge a request that one policy counts, and one that three count:
 * from the caller's address to what remains of each limit.
 */
public class ChargingBenchmark {
  private static final String PATH = "/payments";

  /** Policies in force, and a request of one caller. */
  @State(Scope.Benchmark)
  public static class Policies {
    private final LimitClock clock = LimitClock.of(InstantSource.system());
    private final RateLimiting one = inForce(false);
    private final RateLimiting three = inForce(true);
    private final byte[] address = "10.0.0.7".getBytes(StandardCharsets.ISO_8859_1);

    private RateLimiting inForce(boolean all) {
      String limit = Limits.COUNT + "/hour";
      Map<DocumentKey, Versioned<?>> policies = new LinkedHashMap<>();
      if (all) {
        put(policies, DocumentKey.globalRateLimit(), GlobalRateLimitPolicy.of(limit));
        put(policies, DocumentKey.serviceRateLimit("billing"), GlobalRateLimitPolicy.of(limit));
      }
      RateLimitPolicy own = RateLimitPolicy.of("GET", PATH, limit);
      put(policies, DocumentKey.policy(own.key()), own);
      RateLimiting limits =
          new RateLimiting(new Site("bench", "billing"), clock, (refused, resetAt) -> {});
      limits.prepare(Snapshot.of(new Head("bench", 1, "bench"), policies)).run();
      return limits;
    }

    private static <T extends DocumentValue> void put(
        Map<DocumentKey, Versioned<?>> policies, DocumentKey key, T value) {
      policies.put(key, new Versioned<>(value, 1));
    }

    Charge charge(RateLimiting limits) {
      return limits.charge(
          new LimitedRequest(
              PATH,
              HttpMethod.GET,
              limits.of(PATH, HttpMethod.GET),
              new AddressCaller(new String(address, StandardCharsets.ISO_8859_1)),
              LimitedRequest.FIXED_COST));
    }

    /** Ends the clock's thread. */
    @TearDown
    public void close() {
      clock.close();
    }
  }

  /** The baseline. */
  @Benchmark
  public Charge.@Nullable Standing one(Policies policies) {
    return policies.charge(policies.one).tightest();
  }

  /** Three. */
  @Benchmark
  public Charge.@Nullable Standing three(Policies policies) {
    return policies.charge(policies.three).tightest();
  }
}
