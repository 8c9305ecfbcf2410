package io.shield.internal.limit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.LimitModel;
import io.shield.fixtures.Seeds;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A million operations on limiters and on {@link LimitModel}, on a clock that stands still, creeps,
 * jumps and goes back: the answers are the same.
 */
class LimitModelTest {
  private static final int RUNS = 500;
  private static final int OPERATIONS = 500;
  private static final List<String> KEYS = List.of("a", "b", "c");

  /** Periods that divide by the count and ones that do not; tiny ones make everything collide. */
  private static final List<Duration> PERIODS =
      List.of(
          Duration.ofMillis(1),
          Duration.ofNanos(1_234_567_000),
          Duration.ofSeconds(60),
          Duration.ofDays(365));

  private static final List<Long> COUNTS =
      List.of(1L, 2L, 3L, 7L, 10L, 97L, 8_193L, 999_983L, RateLimit.MAX_COUNT);

  private record Refundable(String key, long cost, long at) {}

  private Random random;
  private Limiter limiter;
  private LimitModel model;
  private long now;
  private long latest;
  private Refundable last;

  @ParameterizedTest
  @EnumSource
  void answersAsTheModelDoes(RateLimitAlgorithm algorithm) {
    random = Seeds.random("answersAsTheModelDoes " + algorithm);
    for (int run = 0; run < RUNS; run++) {
      LimitRule rule = rule(algorithm);
      limiter = Limiter.create(rule);
      model = new LimitModel(rule);
      now = 1_900_000_000_000_000L + random.nextInt(1_000_000_000);
      latest = 0;
      last = null;
      for (int i = 0; i < OPERATIONS; i++) {
        step();
      }
    }
  }

  /** The moving window is exact up to a number of entries only. */
  private LimitRule rule(RateLimitAlgorithm algorithm) {
    Duration period = PERIODS.get(random.nextInt(PERIODS.size()));
    int counts = algorithm == RateLimitAlgorithm.MOVING_WINDOW ? 6 : COUNTS.size();
    RateLimit limit = new RateLimit(COUNTS.get(random.nextInt(counts)), period);
    int burst = random.nextBoolean() ? 0 : random.nextInt(10);
    return new LimitRule(algorithm, limit, burst);
  }

  private void step() {
    moveClock();
    latest = Math.max(latest, now);
    tellTime(now);
    String key = KEYS.get(random.nextInt(KEYS.size()));
    switch (random.nextInt(40)) {
      case 0 -> {
        limiter.reset(key);
        model.reset(key);
        last = null;
      }
      case 1 -> {
        LimitRule rule = rule(limiter.rule().algorithm());
        limiter = limiter.replacedBy(rule, now);
        model.replace(rule, now);
        last = null;
      }
      case 2 -> limiter.sweep(now);
      case 3 -> saveAndRestore();
      case 4, 5, 6 -> refund();
      case 7 -> {
        if (random.nextInt(10) == 0) {
          limiter.resetAll();
          model.resetAll();
          last = null;
        }
      }
      default -> charge(key);
    }
  }

  /** The model has one time for all keys, the limiter one for those that share a lock. */
  private void tellTime(long time) {
    for (String key : KEYS) {
      limiter.peek(key, 0, time);
      model.peek(key, 0, time);
    }
  }

  /** By a multiple of what one unit takes, mostly. */
  private void moveClock() {
    LimitRule rule = limiter.rule();
    long unit = Math.max(1, rule.periodMicros() / rule.limit().count());
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> now += random.nextLong(3 * unit + 1);
      case 4 -> now += 1;
      case 5 -> now += random.nextLong(rule.periodMicros() + 1);
      case 6 -> now = (now / rule.periodMicros() + 1) * rule.periodMicros();
      case 7 -> now += random.nextInt(10) == 0 ? random.nextLong(5 * rule.periodMicros()) : 0;
      case 8 -> now -= random.nextInt(5) == 0 ? random.nextLong(2 * rule.periodMicros()) : 0;
      case 9 -> now = Math.max(now, latest);
      default -> {
        // Many things happen at the same moment.
      }
    }
    now = Math.max(0, Math.min(now, 4_000_000_000_000_000L));
  }

  private void charge(String key) {
    long capacity = limiter.rule().capacity();
    long cost = random.nextInt(3) > 0 ? 1 : random.nextLong(capacity + 1);
    assertThat(sign(limiter.peek(key, cost, now))).isEqualTo(sign(model.peek(key, cost, now)));
    long answer = limiter.charge(key, cost, now);
    long expected = model.charge(key, cost, now);
    if (expected >= 0) {
      assertThat(answer).as("remaining").isEqualTo(expected);
      last = new Refundable(key, cost, latest);
    } else {
      assertThat(answer).as("refused").isNegative().isNotEqualTo(Limiter.NEVER);
      assertThat(model.passes(key, cost, now - answer)).as("after %s", -answer).isTrue();
      assertThat(model.passes(key, cost, now - answer - 1)).as("before %s", -answer).isFalse();
    }
  }

  private static long sign(long answer) {
    return Math.max(-1, answer);
  }

  /** What was charged last, now or after some time. */
  private void refund() {
    if (last != null && last.cost() > 0) {
      limiter.refund(last.key(), last.cost(), last.at());
      model.refund(last.key(), last.cost(), last.at());
    }
    last = null;
  }

  /** A bucket is saved in whole units, so that it is not the same afterwards. */
  private void saveAndRestore() {
    if (limiter.rule().algorithm() == RateLimitAlgorithm.TOKEN_BUCKET) {
      return;
    }
    List<LiveCounter> saved = new ArrayList<>();
    limiter.forEachLive(now, saved::add);
    limiter = Limiter.create(limiter.rule());
    tellTime(latest);
    saved.forEach(counter -> limiter.restore(counter, latest));
    last = null;
  }
}
