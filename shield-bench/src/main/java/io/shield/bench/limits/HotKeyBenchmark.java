package io.shield.bench.limits;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.shield.internal.limit.counter.Limiter;
import io.shield.internal.limit.time.TickClock;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * One counter that everybody charges. Shield finds it by its key among others, reads the clock and
 * says what remains; the peers are given their counter.
 */
public class HotKeyBenchmark {
  private static final int OTHERS = 1000;

  /** A limiter with some keys. */
  @State(Scope.Benchmark)
  public static class Shielded {
    @Param({"fixed_window", "sliding_window", "moving_window", "token_bucket"})
    public String algorithm;

    private final TickClock clock = TickClock.of(() -> System.currentTimeMillis() * 1000);
    private Limiter limiter;
    private String key;

    /** Charges every key once. */
    @Setup
    public void build() {
      limiter = Limits.shield(algorithm, 10 * OTHERS);
      long now = clock.micros();
      for (int i = 0; i < OTHERS; i++) {
        limiter.charge("10.0.0." + i, 1, now);
      }
      key = "10.0.0.7";
      if (limiter.size() != OTHERS) {
        throw new IllegalStateException("only " + limiter.size() + " keys are counted");
      }
    }

    long charge() {
      return limiter.charge(key, 1, clock.micros());
    }

    /** Ends the clock's thread. */
    @TearDown
    public void close() {
      clock.close();
    }
  }

  /** A bucket. */
  @State(Scope.Benchmark)
  public static class Bucket4j {
    private final Bucket bucket = Limits.bucket();
  }

  /** A bucket with its default settings but for the clock. */
  @State(Scope.Benchmark)
  public static class LockFree {
    private final Bucket bucket =
        Limits.bucket(TimeMeter.SYSTEM_MILLISECONDS, SynchronizationStrategy.LOCK_FREE);
  }

  /** A bucket with Shield's clock. */
  @State(Scope.Benchmark)
  public static class Ticking {
    private final TickClock clock = TickClock.of(() -> System.currentTimeMillis() * 1000);
    private final Bucket bucket =
        Limits.bucket(Limits.meter(clock), SynchronizationStrategy.SYNCHRONIZED);

    /** Ends the clock's thread. */
    @TearDown
    public void close() {
      clock.close();
    }
  }

  /** A limiter that does not wait. */
  @State(Scope.Benchmark)
  public static class Resilience4j {
    private final RateLimiter limiter =
        RateLimiter.of(
            "hot",
            RateLimiterConfig.custom()
                .limitForPeriod((int) Limits.COUNT)
                .limitRefreshPeriod(Limits.PERIOD)
                .timeoutDuration(Duration.ZERO)
                .build());
  }

  /** Ours. */
  @Benchmark
  @Threads(1)
  public long shield(Shielded shielded) {
    return shielded.charge();
  }

  /** Ours, from two threads. */
  @Benchmark
  @Threads(2)
  public long shieldTwo(Shielded shielded) {
    return shielded.charge();
  }

  /** The baseline. */
  @Benchmark
  @Threads(1)
  public boolean bucket4j(Bucket4j peer) {
    return peer.bucket.tryConsume(1);
  }

  /** The baseline, from two threads. */
  @Benchmark
  @Threads(2)
  public boolean bucket4jTwo(Bucket4j peer) {
    return peer.bucket.tryConsume(1);
  }

  /** The baseline without a lock. */
  @Benchmark
  @Threads(1)
  public boolean lockFree(LockFree peer) {
    return peer.bucket.tryConsume(1);
  }

  /** The baseline without a lock, from two threads. */
  @Benchmark
  @Threads(2)
  public boolean lockFreeTwo(LockFree peer) {
    return peer.bucket.tryConsume(1);
  }

  /** The baseline with Shield's clock. */
  @Benchmark
  @Threads(1)
  public boolean ticking(Ticking peer) {
    return peer.bucket.tryConsume(1);
  }

  /** The baseline with Shield's clock, from two threads. */
  @Benchmark
  @Threads(2)
  public boolean tickingTwo(Ticking peer) {
    return peer.bucket.tryConsume(1);
  }

  /** Another peer. */
  @Benchmark
  @Threads(1)
  public boolean resilience4j(Resilience4j peer) {
    return peer.limiter.acquirePermission();
  }

  /** Another peer, from two threads. */
  @Benchmark
  @Threads(2)
  public boolean resilience4jTwo(Resilience4j peer) {
    return peer.limiter.acquirePermission();
  }
}
