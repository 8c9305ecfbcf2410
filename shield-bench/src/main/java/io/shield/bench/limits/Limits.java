package io.shield.bench.limits;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.shield.internal.limit.counter.Limiter;
import io.shield.internal.limit.time.TickClock;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import java.time.Duration;

/** One limit for all, so high that it never refuses. */
final class Limits {
  static final long COUNT = 1_000_000_000;
  static final Duration PERIOD = Duration.ofHours(1);

  private Limits() {}

  static Limiter shield(String algorithm, int maxKeys) {
    LimitRule rule =
        LimitRule.of(RateLimitAlgorithm.parse(algorithm), new RateLimit(COUNT, PERIOD));
    return Limiter.create(rule, maxKeys);
  }

  /** What a request reads that has the system's clock. */
  static long micros() {
    return System.currentTimeMillis() * 1000;
  }

  /** With its fastest settings: {@code synchronized}, and a clock of milliseconds. */
  static Bucket bucket() {
    return bucket(TimeMeter.SYSTEM_MILLISECONDS, SynchronizationStrategy.SYNCHRONIZED);
  }

  static Bucket bucket(TimeMeter clock, SynchronizationStrategy strategy) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(COUNT).refillGreedy(COUNT, PERIOD))
        .withCustomTimePrecision(clock)
        .withSynchronizationStrategy(strategy)
        .build();
  }

  /** A clock that Bucket4j can be given, to see how much of the difference is the clock. */
  static TimeMeter meter(TickClock clock) {
    return new TimeMeter() {
      @Override
      public long currentTimeNanos() {
        return clock.micros() * 1000;
      }

      @Override
      public boolean isWallClockBased() {
        return true;
      }
    };
  }
}
