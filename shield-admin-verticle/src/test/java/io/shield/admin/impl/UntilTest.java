package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.error.InvalidValueException;
import io.shield.json.Fields;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends that are given as a duration or as a time. */
class UntilTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private static Fields fields(String until) {
    return Fields.of("body", JsonNodeFactory.instance.objectNode().put("until", until));
  }

  @ParameterizedTest
  @CsvSource({"1s,PT1S", "30m,PT30M", "2h,PT2H", "1d,PT24H", "2030-01-01T00:00:05Z,PT5S"})
  void areReadFromNowOn(String text, Duration later) {
    assertThat(Until.read(fields(text), "until", NOW)).isEqualTo(NOW.plus(later));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0m", "-5m", "999999999d", "99999999999d", "1.5h", "1969-12-31T00:00:00Z", "soon"})
  void anotherIsRefusedAsItWasGiven(String text) {
    assertThatThrownBy(() -> Until.read(fields(text), "until", NOW))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("until: '" + text + "' is not allowed, must be ");
  }

  @Test
  void mayBeAbsent() {
    assertThat(Until.read(fields(null), "until", NOW)).isNull();
  }
}
