package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
  private static final long DAY = 86_400;

  @ParameterizedTest
  @CsvSource({
    "100/minute, 100, 60",
    "100/minutes, 100, 60",
    "100 / minute, 100, 60",
    "100 /minute, 100, 60",
    "100/ minute, 100, 60",
    "' 100/minute ', 100, 60",
    "100/MINUTE, 100, 60",
    "5 per second, 5, 1",
    "5 PER Second, 5, 1",
    "5  per  second, 5, 1",
    "5 per 2 seconds, 5, 2",
    "1/second, 1, 1",
    "1000/hour, 1000, 3600",
    "10/2 minutes, 10, 120",
    "10/2minutes, 10, 120",
    "10/2 minute, 10, 120",
    "3/day, 3, 86400",
    "3/month, 3, 2592000",
    "3/12 months, 3, 31104000",
    "3/year, 3, 31536000",
    "3/100 years, 3, 3153600000",
    "1000000000000/second, 1000000000000, 1",
    "0005/minute, 5, 60",
  })
  void readsOneLimit(String text, long count, long seconds) {
    assertThat(RateLimit.parse("limit", text))
        .containsExactly(new RateLimit(count, Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5/second;100/minute", "5/second; 100/minute", " 5 per second ;100 / 1 minute "})
  void readsSeveralInTheirOrder(String text) {
    assertThat(RateLimit.parse("limit", text))
        .containsExactly(
            new RateLimit(5, Duration.ofSeconds(1)), new RateLimit(100, Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unlimited", "UNLIMITED", " Unlimited "})
  void readsUnlimited(String text) {
    assertThat(RateLimit.parse("limit", text)).isEmpty();
  }

  @Test
  void theLimitsCannotBeChanged() {
    assertThatThrownBy(() -> RateLimit.parse("limit", "1/day").add(new RateLimit(1, Duration.ZERO)))
        .isInstanceOfAny(UnsupportedOperationException.class, InvalidValueException.class);
    assertThat(RateLimit.parse("limit", "1/day")).isUnmodifiable();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lots",
        "100",
        "/",
        "/minute",
        "100/",
        "100/fortnight",
        "100/minutess",
        "100//minute",
        "100 minute",
        "100per minute",
        "per minute",
        "minute/100",
        "-1/minute",
        "+1/minute",
        "1.5/minute",
        "1e3/minute",
        "1,000/minute",
        "0/minute",
        "10/0 minutes",
        "10/-2 minutes",
        "10/2.5 minutes",
        "1000000000001/minute",
        "99999999999999999999/minute",
        "10/9999999999 seconds",
        "10/minute;",
        ";10/minute",
        "10/minute;;10/hour",
        "10/minute,10/hour",
        "10/minute;unlimited",
        "unlimited;10/minute",
        "10/minute x",
        "١٠/minute",
        "un limited",
      })
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> RateLimit.parse("tiers.limit", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("tiers.limit: '" + text + "' is not allowed, must be ")
        .hasMessageContainingAll("<count>/<granularity>", "second, minute, hour, day, month, year");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/101 years", "1/36501 days", "1/999999999 years", "1/999999 hours"})
  void refusesAPeriodOfMoreThanAHundredYears(String text) {
    assertThatThrownBy(() -> RateLimit.parse("tiers.limit", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("tiers.limit: '" + text + "' is not allowed, must be ")
        .hasMessageContaining("at most 100 years");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "10/minute\n", "10\t/minute"})
  void refusesBlankTextAndControlCharacters(String text) {
    assertThatThrownBy(() -> RateLimit.parse("limit", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("limit: ");
  }

  @Test
  void refusesAnEndlessText() {
    assertThatThrownBy(() -> RateLimit.parse("limit", "1/day;".repeat(40)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("at most 200 characters");
  }

  @Test
  void aRecordOfItsOwnIsCheckedToo() {
    assertThat(List.of(new RateLimit(RateLimit.MAX_COUNT, Duration.ofSeconds(36_500 * DAY))))
        .hasSize(1);
    for (long count : new long[] {0, -1, RateLimit.MAX_COUNT + 1}) {
      assertThatThrownBy(() -> new RateLimit(count, Duration.ofSeconds(1)))
          .hasMessageContainingAll("limit", "" + count, "between 1 and 1000000000000");
    }
    for (Duration period :
        List.of(
            Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(36_500 * DAY).plusNanos(1))) {
      assertThatThrownBy(() -> new RateLimit(1, period))
          .hasMessageContainingAll("limit", period.toString(), "at most 100 years");
    }
  }
}
