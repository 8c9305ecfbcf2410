package io.shield.bench.limits;

import io.github.bucket4j.Bucket;
import io.shield.limit.LimitRule;
import io.shield.limit.Limiter;
import io.shield.limit.LimiterOptions;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import java.time.Duration;

/** One limit for all, so high that it never refuses. */
final class Limits {
  static final long COUNT = 1_000_000_000;
  static final Duration PERIOD = Duration.ofHours(1);

  private Limits() {}

  static Limiter shield(String algorithm, int maxKeys) {
    LimitRule rule =
        LimitRule.of(RateLimitAlgorithm.parse(algorithm), new RateLimit(COUNT, PERIOD));
    return Limiter.create(rule, new LimiterOptions().setMaxKeys(maxKeys));
  }

  /** Without locks and with a clock of milliseconds, its defaults; neither is slower otherwise. */
  static Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(COUNT).refillGreedy(COUNT, PERIOD))
        .build();
  }

  /** Shield is given the time; a server reads it once for each request. */
  static long micros() {
    return System.currentTimeMillis() * 1000;
  }
}
