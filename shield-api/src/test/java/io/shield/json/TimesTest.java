package io.shield.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  @ParameterizedTest
  @CsvSource({
    "2030-01-01T02:00:00Z, 1893463200, 0",
    "2030-01-01t02:00:00z, 1893463200, 0",
    "2030-01-01T02:00Z, 1893463200, 0",
    "2030-01-01T02:00:00+00:00, 1893463200, 0",
    "2030-01-01T04:00:00+02:00, 1893463200, 0",
    "2029-12-31T20:30:00-05:30, 1893463200, 0",
    "2030-01-01T02:00:00, 1893463200, 0",
    "2030-01-01T02:00, 1893463200, 0",
    "2030-01-01T02:00:00.5Z, 1893463200, 500000000",
    "2030-01-01T02:00:00.123456Z, 1893463200, 123456000",
    "2030-01-01T02:00:00.123456, 1893463200, 123456000",
    "2026-11-24T18:50:57.652971+00:00, 1795546257, 652971000",
    "2030-01-01T02:00:00.123456789Z, 1893463200, 123456789",
    "2028-02-29T00:00:00Z, 1835395200, 0",
    "1970-01-01T00:00:00Z, 0, 0",
    "9999-12-31T23:59:59.999999999Z, 253402300799, 999999999",
  })
  void readsIsoTimes(String text, long seconds, int nanos) {
    assertThat(Times.parse("at", text)).isEqualTo(Instant.ofEpochSecond(seconds, nanos));
    assertThat(Times.parseDate("at", text)).isEqualTo(Times.parse("at", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "now",
        "30m",
        "1893463200",
        "2030",
        "2030-01",
        "2030-01-01",
        "02:00:00Z",
        "2030-1-1T02:00:00Z",
        "2030-13-01T02:00:00Z",
        "2030-02-29T02:00:00Z",
        "2030-01-32T02:00:00Z",
        "2030-01-01T24:00:00Z",
        "2030-01-01T23:60:00Z",
        "2030-01-01T23:59:60Z",
        "2030-01-01T02:00:00 Z",
        "2030-01-01 02:00:00Z",
        " 2030-01-01T02:00:00Z",
        "2030-01-01T02:00:00Z ",
        "2030-01-01T02:00:00Z\n",
        "2030-01-01T02:00:00+25:00",
        "2030-01-01T02:00:00.1234567890Z",
        "2030-01-01T02:00:00[Europe/Berlin]",
        "2030/01/01T02:00:00Z",
        "٢٠٣٠-01-01T02:00:00Z",
        "2030-W01-1T02:00:00Z",
      })
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> Times.parse("until", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("until: ")
        .hasMessageContaining("an ISO-8601 time such as 2030-01-01T02:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1969-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00+00:01",
        "0001-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-00:01",
        "+10000-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z",
      })
  void refusesYearsNobodyMeans(String text) {
    assertThatThrownBy(() -> Times.parseDate("until", text))
        .hasMessageContainingAll("until", text, "between the years 1970 and 9999");
    assertThatThrownBy(() -> Times.parse("until", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("until", text, "between the years 1970 and 9999");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sat, 01 Jan 2028 00:00:00 GMT | 2028-01-01T00:00:00Z",
        "Tue, 29 Feb 2028 23:59:59 GMT | 2028-02-29T23:59:59Z",
        "Thu, 01 Jan 1970 00:00:00 GMT | 1970-01-01T00:00:00Z",
      })
  void readsAndWritesHttpDates(String text, Instant instant) {
    assertThat(Times.parseDate("sunset_date", text)).isEqualTo(instant);
    assertThat(Times.httpDate(instant)).isEqualTo(text);
    assertThat(Times.httpDate(instant.plusNanos(999_999_999))).as("cut").isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "2028",
        "Sun, 01 Jan 2028 00:00:00 GMT",
        "Sat, 32 Jan 2028 00:00:00 GMT",
        "Sat, 01 Jan 2028 25:00:00 GMT",
        "Sam, 01 Jan 2028 00:00:00 GMT",
        "Sat, 01 Jan 2028",
        "Saturday, 01-Jan-28 00:00:00 GMT",
        "Sat Jan  1 00:00:00 2028",
      })
  void refusesOtherDates(String text) {
    assertThatThrownBy(() -> Times.parseDate("sunset_date", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("sunset_date: ")
        .hasMessageContaining("an HTTP-date such as 'Sat, 01 Jan 2028 00:00:00 GMT'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Wed, 31 Dec 1969 23:59:59 GMT", "Sat, 01 Jan 0000 00:00:00 GMT"})
  void refusesDatesNobodyMeans(String text) {
    assertThatThrownBy(() -> Times.parseDate("sunset_date", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("sunset_date", text, "between the years 1970 and 9999");
  }
}
