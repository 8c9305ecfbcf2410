package io.shield.bench.limits;

import io.shield.bench.backend.ReceivedRequest;
import io.shield.decision.Site;
import io.shield.decision.TrustedProxies;
import io.shield.internal.ClientAddress;
import io.shield.internal.limit.Charge;
import io.shield.internal.limit.LimitedRequest;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.RouteLimits;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * All that the engine does to charge a request that one policy counts, and one that three count:
 * from the connection, whose address names the counter, to what is told of the tightest limit.
 */
public class ChargingBenchmark {
  private static final String PATH = "/payments";

  /** Policies in force, and a request of one caller. */
  @State(Scope.Benchmark)
  public static class Policies {
    private final LimitClock clock = LimitClock.of(InstantSource.system());
    private final RateLimiting one = inForce(false);
    private final RateLimiting three = inForce(true);
    private final Vertx vertx = Vertx.vertx();
    private final HttpServerRequest received = ReceivedRequest.receive(vertx);
    private final ClientAddress addresses = new ClientAddress(TrustedProxies.NONE, topic -> false);

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
      return limits.charge(new ReceivedOne(limits.of(PATH, HttpMethod.GET)));
    }

    /** Ends all threads. */
    @TearDown
    public void close() {
      clock.close();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One of a caller of whom nothing but the connection is known. */
    private final class ReceivedOne implements Stranger, LimitedRequest {
      private final RouteLimits limits;

      ReceivedOne(RouteLimits limits) {
        this.limits = limits;
      }

      @Override
      public String template() {
        return PATH;
      }

      @Override
      public HttpMethod method() {
        return HttpMethod.GET;
      }

      @Override
      public RouteLimits limits() {
        return limits;
      }

      @Override
      public @Nullable String address() {
        return addresses.of(received);
      }

      @Override
      public String addressKey() {
        return addresses.keyOf(received);
      }
    }
  }

  private static void tell(Blackhole sink, long capacity, long remaining, long resetAtMillis) {
    sink.consume(capacity);
    sink.consume(remaining);
    sink.consume(resetAtMillis);
  }

  /** The baseline. */
  @Benchmark
  public void one(Policies policies, Blackhole sink) {
    policies.charge(policies.one).tellTightest(sink, ChargingBenchmark::tell);
  }

  /** Three. */
  @Benchmark
  public void three(Policies policies, Blackhole sink) {
    policies.charge(policies.three).tellTightest(sink, ChargingBenchmark::tell);
  }
}
