package io.shield.bench.limits;

import io.shield.internal.limit.counter.Limiter;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A request that one policy counts, and one that three count at the same time. The least that a
 * request does is in both times: its key is a new string, and the system's clock is read.
 */
public class PoliciesBenchmark {
  /** Limiters of a fleet, a service and a route. */
  @State(Scope.Benchmark)
  public static class Policies {
    private final Limiter global = Limits.shield("fixed_window", 1000);
    private final Limiter service = Limits.shield("fixed_window", 1000);
    private final Limiter route = Limits.shield("fixed_window", 1000);
    private final byte[] address = "10.0.0.7".getBytes(StandardCharsets.ISO_8859_1);

    String key() {
      return new String(address, StandardCharsets.ISO_8859_1);
    }
  }

  /** The baseline. */
  @Benchmark
  public long one(Policies policies) {
    return policies.route.charge(policies.key(), 1, Limits.micros());
  }

  /** Three. */
  @Benchmark
  public long three(Policies policies) {
    String key = policies.key();
    long now = Limits.micros();
    long remaining = policies.global.charge(key, 1, now);
    remaining = Math.min(remaining, policies.service.charge(key, 1, now));
    return Math.min(remaining, policies.route.charge(key, 1, now));
  }
}
