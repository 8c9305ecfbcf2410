package io.shield.bench.limits;

import io.shield.limit.Limiter;
import io.shield.limit.TickClock;
import java.time.InstantSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A request that one policy counts, and one that three count at the same time. */
public class PoliciesBenchmark {
  /** Limiters of a fleet, a service and a route. */
  @State(Scope.Benchmark)
  public static class Policies {
    private final TickClock clock = TickClock.of(InstantSource.system());
    private final Limiter global = Limits.shield("fixed_window", 1000);
    private final Limiter service = Limits.shield("fixed_window", 1000);
    private final Limiter route = Limits.shield("fixed_window", 1000);
    private String key = "10.0.0.7";

    /** Ends the clock's thread. */
    @TearDown
    public void close() {
      clock.close();
    }
  }

  /** The baseline. */
  @Benchmark
  public long one(Policies policies) {
    return policies.route.charge(policies.key, 1, policies.clock.micros());
  }

  /** Three. */
  @Benchmark
  public long three(Policies policies) {
    long now = policies.clock.micros();
    long remaining = policies.global.charge(policies.key, 1, now);
    remaining = Math.min(remaining, policies.service.charge(policies.key, 1, now));
    return Math.min(remaining, policies.route.charge(policies.key, 1, now));
  }
}
