package io.shield.spi.limit;

import io.shield.error.InvalidValueException;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import java.time.Duration;
import java.util.Objects;

/**
 * What a limiter enforces. A key may use up {@link #capacity} units; how they come back is up to
 * the algorithm.
 *
 * @param algorithm how it counts
 * @param limit units per period; the period is a whole number of microseconds, at least {@link
 *     #MIN_PERIOD}
 * @param burst added to the capacity, 0 to {@link RateLimitPolicy#MAX_BURST}; an empty token bucket
 *     must fill within {@link #MAX_FILL}
 */
public record LimitRule(RateLimitAlgorithm algorithm, RateLimit limit, int burst) {
  /** The shortest period. */
  public static final Duration MIN_PERIOD = Duration.ofMillis(1);

  /** The longest time in which an empty token bucket may fill. */
  public static final Duration MAX_FILL = Duration.ofDays(3_650_000);

  /**
   * @throws InvalidValueException if a value is out of its range
   */
  public LimitRule {
    Objects.requireNonNull(algorithm, "algorithm");
    Duration period = limit.period();
    if (period.compareTo(MIN_PERIOD) < 0 || period.toNanosPart() % 1000 != 0) {
      throw new InvalidValueException(
          "limit", period, "of a period of whole microseconds, at least " + MIN_PERIOD);
    }
    if (burst < 0 || burst > RateLimitPolicy.MAX_BURST) {
      throw new InvalidValueException("burst", burst, "between 0 and " + RateLimitPolicy.MAX_BURST);
    }
    if (algorithm == RateLimitAlgorithm.TOKEN_BUCKET) {
      long most = mostBurst(limit);
      if (burst > most) {
        throw new InvalidValueException(
            "burst", burst, "at most " + most + ": a token bucket fills within 10000 years");
      }
    }
  }

  /** A rule without a burst. */
  public static LimitRule of(RateLimitAlgorithm algorithm, RateLimit limit) {
    return new LimitRule(algorithm, limit, 0);
  }

  /** In doubles: the bound is far from where a number overflows, so it need not be sharp. */
  private static long mostBurst(RateLimit limit) {
    double periods = (double) MAX_FILL.toSeconds() * 1e6 / micros(limit.period());
    return (long) Math.min(RateLimitPolicy.MAX_BURST, (periods - 1) * limit.count());
  }

  /** The most that can be used at once: the limit's count and the burst. */
  public long capacity() {
    return limit.count() + burst;
  }

  /** The period in microseconds. */
  public long periodMicros() {
    return micros(limit.period());
  }

  private static long micros(Duration period) {
    return period.toSeconds() * 1_000_000 + period.toNanosPart() / 1000;
  }

  /**
   * Checks a cost that is configured: one above the capacity could never be paid.
   *
   * @param field the name of the cost in messages
   * @param cost the units of one request
   * @return the cost
   * @throws InvalidValueException if it is negative or above the capacity
   */
  public long requireCost(String field, long cost) {
    if (cost < 0 || cost > capacity()) {
      throw new InvalidValueException(
          field, cost, "between 0 and " + capacity() + ", the capacity of " + shown());
    }
    return cost;
  }

  private String shown() {
    String rate = limit.count() + " per " + limit.period();
    return burst == 0 ? rate : rate + " with a burst of " + burst;
  }
}
