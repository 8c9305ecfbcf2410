package io.shield.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments as people write them. */
class MomentsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Moments UTC = Moments.utc(NOW);
  private static final Moments BERLIN = new Moments(NOW, ZoneId.of("Europe/Berlin"));

  @ParameterizedTest
  @CsvSource({
    "1h, 2030-01-01T13:00:00Z, 2030-01-01T11:00:00Z",
    "250ms, 2030-01-01T12:00:00.250Z, 2030-01-01T11:59:59.750Z",
    "1w, 2030-01-08T12:00:00Z, 2029-12-25T12:00:00Z",
    "2030-02-01, 2030-02-01T00:00:00Z, 2030-02-01T00:00:00Z",
    "2030-02-01T02:00, 2030-02-01T02:00:00Z, 2030-02-01T02:00:00Z",
    "2030-02-01 02:00:03, 2030-02-01T02:00:03Z, 2030-02-01T02:00:03Z",
    "2030-02-01T02:00:00+02:00, 2030-02-01T00:00:00Z, 2030-02-01T00:00:00Z"
  })
  void lookAheadAndBack(String text, Instant ahead, Instant back) {
    assertThat(UTC.ahead("t", text)).isEqualTo(ahead);
    assertThat(UTC.back("t", text)).isEqualTo(back);
  }

  @Test
  void aPlusLooksAheadOnly() {
    assertThat(UTC.ahead("t", "+2h")).isEqualTo("2030-01-01T14:00:00Z");
    assertThatThrownBy(() -> UTC.back("t", "+2h")).hasMessageContaining("looks back");
  }

  @Test
  void anHttpDate() {
    assertThat(UTC.ahead("t", "Sat, 01 Jan 2028 00:00:00 GMT")).isEqualTo("2028-01-01T00:00:00Z");
  }

  @Test
  void whatIsLongerThanTimeItselfLooksBackToItsBeginning() {
    assertThat(UTC.back("t", "99999d")).isEqualTo("1970-01-01T00:00:00Z");
  }

  @Test
  void aZone() {
    assertThat(BERLIN.ahead("t", "2030-07-01T02:00")).isEqualTo("2030-07-01T00:00:00Z");
    assertThat(BERLIN.ahead("t", "2030-01-02")).isEqualTo("2030-01-01T23:00:00Z");
    assertThat(BERLIN.ahead("t", "2030-01-02T02:00Z")).isEqualTo("2030-01-02T02:00:00Z");
    assertThatThrownBy(() -> Moments.zone("--tz", "Berlin"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("--tz: 'Berlin' is not allowed");
  }

  /** Clocks change on 31 March and 27 October 2030. */
  @ParameterizedTest
  @CsvSource({
    "2030-03-31T02:30, does not exist, 2030-03-31T02:30:00+01:00 or 2030-03-31T02:30:00+02:00",
    "2030-10-27T02:30, exists twice, 2030-10-27T02:30:00+02:00 or 2030-10-27T02:30:00+01:00"
  })
  void whatNobodyCanReadIsRefusedWithBothReadings(String text, String why, String readings) {
    assertThatThrownBy(() -> BERLIN.ahead("t", text)).hasMessageContainingAll(why, readings);
    assertThat(UTC.ahead("t", text)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "-5m", "1.5h", "0m", "2030-13-01", "2030-02-30T00:00", "99999999d"})
  void anythingElseIsRefusedAsItWasGiven(String text) {
    assertThatThrownBy(() -> UTC.ahead("until", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("until: '" + text + "' is not allowed, must be ");
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-01,true",
    "2030-01-01T02:00,true",
    "2030-01-01T02:00:00Z,false",
    "2030-01-01T02:00+01:00,false",
    "2h,false"
  })
  void whatSaysNoOffset(String text, boolean lacks) {
    assertThat(Moments.lacksOffset(text)).isEqualTo(lacks);
  }
}
