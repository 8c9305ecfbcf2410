package io.shield.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.audit.AuditEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditQueryTest {
  private static AuditEntry entry(@Nullable String service) {
    return new AuditEntry(
        "1",
        Instant.parse("2030-01-01T00:00:00Z"),
        "GET:/x",
        service,
        "enable",
        "alice",
        "cli",
        "",
        null,
        null,
        1,
        List.of(),
        null,
        false);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      useHeadersInDisplayName = true,
      value = {
        "path,   service, actor, action,  since,                          matches",
        "-,      -,       -,     -,       -,                              true",
        "GET:/x, -,       -,     -,       -,                              true",
        "GET:/y, -,       -,     -,       -,                              false",
        "/x,     -,       -,     -,       -,                              false",
        "-,      pay,     -,     -,       -,                              true",
        "-,      stock,   -,     -,       -,                              false",
        "-,      -,       alice, -,       -,                              true",
        "-,      -,       ali,   -,       -,                              false",
        "-,      -,       -,     enable,  -,                              true",
        "-,      -,       -,     disable, -,                              false",
        "-,      -,       -,     -,       2029-12-31T23:59:59Z,           true",
        "-,      -,       -,     -,       2030-01-01T00:00:00Z,           true",
        "-,      -,       -,     -,       2030-01-01T00:00:00.000000001Z, false",
        "GET:/x, pay,     alice, enable,  2030-01-01T00:00:00Z,           true",
        "GET:/x, pay,     alice, disable, 2030-01-01T00:00:00Z,           false",
      })
  void filtersTogether(
      @Nullable String path,
      @Nullable String service,
      @Nullable String actor,
      @Nullable String action,
      @Nullable Instant since,
      boolean matches) {
    AuditQuery query = new AuditQuery(path, service, actor, action, since, 0, 5);

    assertThat(query.matches(entry("pay"))).isEqualTo(matches);
  }

  @Test
  void anEntryWithoutServiceIsOfNone() {
    assertThat(new AuditQuery(null, "pay", null, null, null, 0, 5).matches(entry(null))).isFalse();
    assertThat(AuditQuery.newest(5).matches(entry(null))).isTrue();
    assertThat(AuditQuery.ofPath("GET:/x", 5).matches(entry(null))).isTrue();
    assertThat(AuditQuery.ofPath("GET:/y", 5).matches(entry(null))).isFalse();
  }
}
