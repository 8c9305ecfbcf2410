package io.shield.internal.limit.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimiterTest {
  /** The start of a minute, a day and a second. */
  private static final long NOW = 1_900_000_800_000_000L / 86_400_000_000L * 86_400_000_000L;

  private static final long SECOND = 1_000_000;
  private static final RateLimit FIVE_A_MINUTE = new RateLimit(5, Duration.ofMinutes(1));

  private static Limiter limiter(RateLimitAlgorithm algorithm) {
    return Limiter.create(LimitRule.of(algorithm, FIVE_A_MINUTE));
  }

  @ParameterizedTest
  @EnumSource
  void countsDownAndThenRefuses(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    for (int left = 4; left >= 0; left--) {
      assertThat(limiter.charge("a", 1, NOW)).isEqualTo(left);
    }

    assertThat(limiter.charge("a", 1, NOW)).isNegative();
    assertThat(limiter.charge("b", 1, NOW)).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void passesAfterTheRetryTimeAndNotBefore(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    limiter.charge("a", 5, NOW + 7);

    long wait = -limiter.charge("a", 2, NOW + 11);

    assertThat(limiter.peek("a", 2, NOW + 11 + wait - 1)).isEqualTo(-1);
    assertThat(limiter.charge("a", 2, NOW + 11 + wait)).isNotNegative();
  }

  @ParameterizedTest
  @EnumSource
  void addsTheBurstToTheCapacity(RateLimitAlgorithm algorithm) {
    Limiter limiter = Limiter.create(new LimitRule(algorithm, FIVE_A_MINUTE, 3));

    assertThat(limiter.charge("a", 8, NOW)).isZero();
    assertThat(limiter.charge("a", 1, NOW)).isNegative();
  }

  @ParameterizedTest
  @EnumSource
  void refusesForEverWhatIsAboveTheCapacity(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);

    assertThat(limiter.charge("a", 6, NOW)).isEqualTo(Limiter.NEVER);
    assertThat(limiter.charge("a", 5, NOW)).isZero();
    assertThatThrownBy(() -> limiter.rule().requireCost("cost", 6))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage("cost: 6 is not allowed, must be between 0 and 5, the capacity of 5 per PT1M");
  }

  @ParameterizedTest
  @EnumSource
  void givesBackWhatIsRefunded(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    limiter.charge("a", 2, NOW);
    limiter.charge("a", 3, NOW + 1);

    limiter.refund("a", 3, NOW + 1);

    assertThat(limiter.charge("a", 3, NOW + 1)).isZero();
    assertThat(limiter.charge("a", 1, NOW + 1)).isNegative();
  }

  @ParameterizedTest
  @EnumSource
  void refundsNothingThatCameBackByItself(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    limiter.charge("a", 3, NOW);
    long later = NOW + 300 * SECOND;
    limiter.charge("a", 5, later);

    limiter.refund("a", 3, NOW);

    assertThat(limiter.charge("a", 1, later)).isNegative();
  }

  /** What came back by itself since the charge is not given back once more. */
  @Test
  void aBucketIsRefundedLessWhatCameBackUntilItsLatestCharge() {
    Limiter limiter = limiter(RateLimitAlgorithm.TOKEN_BUCKET);
    limiter.charge("a", 3, NOW);
    limiter.charge("a", 2, NOW + 12 * SECOND);

    limiter.refund("a", 3, NOW);

    assertThat(limiter.peek("a", 0, NOW + 12 * SECOND)).isEqualTo(3);
  }

  /** Its log has 8192 entries, so that a unit comes back that part of a period late at most. */
  @Test
  void aBigMovingWindowGivesBackAlmostAtOnce() {
    LimitRule rule =
        LimitRule.of(
            RateLimitAlgorithm.MOVING_WINDOW, new RateLimit(1_000_000, Duration.ofMinutes(1)));
    Limiter limiter = Limiter.create(rule);
    for (int i = 0; i < 1000; i++) {
      limiter.charge("a", 1000, NOW + i * 7000L);
    }

    long wait = -limiter.charge("a", 1, NOW + 7 * SECOND);

    long exact = rule.periodMicros() - 7 * SECOND;
    assertThat(wait).isBetween(exact, exact + rule.periodMicros() / 8192 + 1);
  }

  @ParameterizedTest
  @EnumSource
  void forgetsOneKeyOrAll(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    for (String key : List.of("/pay", "/payments", "c")) {
      limiter.charge(key, 5, NOW);
    }

    limiter.reset("/pay");
    assertThat(limiter.peek("/pay", 5, NOW)).isZero();
    assertThat(limiter.peek("/payments", 1, NOW)).isNegative();

    limiter.resetAll();
    assertThat(limiter.peek("/payments", 5, NOW)).isZero();
    assertThat(limiter.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheShareInUseWhenTheRuleIsReplaced(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    limiter.charge("full", 5, NOW);
    limiter.charge("part", 2, NOW);
    LimitRule rule = LimitRule.of(algorithm, new RateLimit(10, Duration.ofMinutes(1)));

    Limiter replaced = limiter.replacedBy(rule, NOW);

    assertThat(replaced.rule()).isEqualTo(rule);
    assertThat(replaced.charge("full", 1, NOW)).isNegative();
    assertThat(replaced.charge("part", 6, NOW)).isZero();
    assertThat(limiter.charge("part", 1, NOW)).as("forwarded").isNegative();
    assertThat(limiter.charge("new", 10, NOW)).as("forwarded").isZero();
    assertThat(replaced.charge("new", 1, NOW)).isNegative();
  }

  @ParameterizedTest
  @EnumSource
  void restoresWhatIsStillLive(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    limiter.charge("a", 5, NOW);
    limiter.charge("b", 2, NOW);
    List<LiveCounter> saved = new ArrayList<>();
    limiter.forEachLive(NOW + SECOND, saved::add);

    Limiter soon = limiter(algorithm);
    saved.forEach(counter -> soon.restore(counter, NOW + 2 * SECOND));
    assertThat(soon.charge("a", 1, NOW + 2 * SECOND)).isNegative();
    assertThat(soon.peek("b", 3, NOW + 2 * SECOND)).isZero();

    Limiter late = limiter(algorithm);
    saved.forEach(counter -> late.restore(counter, NOW + 300 * SECOND));
    assertThat(late.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void saysWhenEverythingIsBack(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    assertThat(limiter.resetAfterMicros("a", NOW)).isZero();
    limiter.charge("a", 5, NOW);

    long after = limiter.resetAfterMicros("a", NOW);

    assertThat(limiter.resetAfterMicros("a", NOW - 7))
        .as("the clock went back")
        .isEqualTo(after + 7);
    assertThat(limiter.peek("a", 5, NOW + after - 1)).isNegative();
    assertThat(limiter.peek("a", 5, NOW + after)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void admitsNothingMoreWhenTheClockGoesBack(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm);
    limiter.charge("a", 5, NOW);

    for (int back = 0; back < 1000; back++) {
      assertThat(limiter.charge("a", 1, NOW - back * SECOND)).isNegative();
    }
  }
}
