package io.shield.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimiterOptionsTest {
  @Test
  void survivesJsonAndCopies() {
    LimiterOptions options = new LimiterOptions().setMaxKeys(7);

    assertThat(new LimiterOptions(options.toJson()).getMaxKeys()).isEqualTo(7);
    assertThat(new LimiterOptions(options).toJson()).isEqualTo(options.toJson());
    assertThat(new LimiterOptions(new JsonObject()).getMaxKeys())
        .isEqualTo(LimiterOptions.DEFAULT_MAX_KEYS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, LimiterOptions.LARGEST_MAX_KEYS + 1})
  void refusesANumberOutOfRange(int number) {
    assertThatThrownBy(() -> new LimiterOptions().setMaxKeys(number))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("maxKeys: " + number)
        .hasMessageContaining("between 1 and 100000000");
  }

  @Test
  void refusesWhatIsNoNumberOrNotKnown() {
    assertThatThrownBy(() -> new LimiterOptions(new JsonObject().put("maxKeys", "many")))
        .hasMessageContaining("maxKeys: 'many'");
    assertThatThrownBy(() -> new LimiterOptions(new JsonObject().put("keys", 1)))
        .hasMessageContaining("'keys'");
  }

  @Test
  void aRuleHasAPeriodThatCanBeCounted() {
    RateLimit brief = new RateLimit(1, Duration.ofNanos(999_999));
    RateLimit uneven = new RateLimit(1, Duration.ofNanos(1_000_001));
    for (RateLimit limit : new RateLimit[] {brief, uneven}) {
      assertThatThrownBy(() -> LimitRule.of(RateLimitAlgorithm.FIXED_WINDOW, limit))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("whole microseconds");
    }
  }

  /** Every algorithm works at the edge of what is allowed. */
  @Test
  void aBucketFillsWithinTenThousandYears() {
    RateLimit yearly = new RateLimit(1, Duration.ofDays(365));
    assertThatThrownBy(() -> new LimitRule(RateLimitAlgorithm.TOKEN_BUCKET, yearly, 1_000_000_000))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("burst: 1000000000")
        .hasMessageContaining("at most 9999");

    LimitRule most = new LimitRule(RateLimitAlgorithm.TOKEN_BUCKET, yearly, 9999);
    Limiter limiter = Limiter.create(most, new LimiterOptions());
    assertThat(limiter.charge("a", 10_000, 1_900_000_000_000_000L)).isZero();
    assertThat(limiter.charge("a", 1, 1_900_000_000_000_000L))
        .isEqualTo(-Duration.ofDays(365).toMillis() * 1000);
  }
}
