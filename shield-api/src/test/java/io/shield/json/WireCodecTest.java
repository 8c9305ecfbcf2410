package io.shield.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.json.WireRecordings.Form;
import io.shield.json.WireRecordings.Recorded;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What api-shield 0.8.0 wrote is read, written with every field it had, and read again. */
class WireCodecTest {
  private static final Set<String> TIMES = Set.of("timestamp", "reset_at", "start", "end");

  /**
   * How one form is read into a record and written again.
   *
   * @param read JSON to record
   * @param write record to JSON
   */
  private record Codec<T>(Function<JsonNode, T> read, Function<T, ObjectNode> write) {
    void bothWays(JsonNode recorded) {
      T value = read.apply(recorded);
      ObjectNode written = write.apply(value);
      assertContains("", written, recorded);
      assertThat(read.apply(ShieldJson.parse("written", ShieldJson.text(written))))
          .isEqualTo(value);
    }
  }

  private static Codec<?> codec(Form form) {
    return switch (form) {
      case STATE -> new Codec<>(ShieldJson::readRouteState, ShieldJson::write);
      case AUDIT_ENTRY -> new Codec<>(ShieldJson::readAuditEntry, ShieldJson::write);
      case HIT -> new Codec<>(ShieldJson::readRateLimitHit, ShieldJson::write);
      case POLICY -> new Codec<>(ShieldJson::readRateLimitPolicy, ShieldJson::write);
      case GLOBAL_POLICY -> new Codec<>(ShieldJson::readGlobalRateLimitPolicy, ShieldJson::write);
      case MAINTENANCE -> new Codec<>(ShieldJson::readMaintenanceMode, ShieldJson::write);
    };
  }

  /** The one recorded request that 0.8.0 refused for its content. */
  private static boolean isRefused(Recorded recorded) {
    return recorded.form() == Form.POLICY && recorded.json().path("limit").asText().equals("lots");
  }

  static List<Recorded> accepted() {
    return WireRecordings.all().stream().filter(recorded -> !isRefused(recorded)).toList();
  }

  static List<Recorded> acceptedStates() {
    return accepted().stream().filter(recorded -> recorded.form() == Form.STATE).toList();
  }

  @Test
  void theRecordingsHoldWhatTheyShould() {
    Map<Form, Long> counts =
        WireRecordings.all().stream()
            .collect(Collectors.groupingBy(Recorded::form, Collectors.counting()));

    assertThat(counts)
        .isEqualTo(
            Map.of(
                Form.STATE, 74L,
                Form.AUDIT_ENTRY, 31L,
                Form.HIT, 2L,
                Form.POLICY, 12L,
                Form.GLOBAL_POLICY, 13L,
                Form.MAINTENANCE, 12L));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void isReadAndWrittenWithEveryRecordedField(Recorded recorded) {
    codec(recorded.form()).bothWays(recorded.json());
  }

  @ParameterizedTest
  @MethodSource("acceptedStates")
  void aRecordedStateIsReadAsStoredToo(Recorded recorded) {
    new Codec<>(ShieldJson::readStoredRouteState, ShieldJson::write).bothWays(recorded.json());
  }

  @Test
  void theLimitThatWasRefusedThenIsRefusedNow() {
    List<Recorded> refused =
        WireRecordings.all().stream().filter(WireCodecTest::isRefused).toList();

    assertThat(refused).hasSize(1);
    assertThatThrownBy(() -> ShieldJson.readRateLimitPolicy(refused.get(0).json()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("limit", "'lots'", "<count>/<granularity>");
  }

  private static void assertContains(String place, JsonNode written, JsonNode recorded) {
    for (Map.Entry<String, JsonNode> field : recorded.properties()) {
      String name = place + "/" + field.getKey();
      JsonNode expected = field.getValue();
      JsonNode actual = written.get(field.getKey());
      assertThat(actual).as(name).isNotNull();
      if (expected.isObject()) {
        assertContains(name, actual, expected);
      } else if (TIMES.contains(field.getKey())) {
        assertThat(Times.parse(name, actual.textValue()))
            .as(name)
            .isEqualTo(Times.parse(name, expected.textValue()));
      } else {
        assertThat(actual).as(name).isEqualTo(expected);
      }
    }
  }
}
