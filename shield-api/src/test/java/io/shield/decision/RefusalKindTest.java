package io.shield.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.RateLimitPolicy.LimitScope;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What API clients know refusals by; other systems' clients compare these texts. */
class RefusalKindTest {
  @ParameterizedTest
  @CsvSource({
    "MAINTENANCE, 503, MAINTENANCE_MODE, This endpoint is temporarily unavailable",
    "DISABLED, 503, ROUTE_DISABLED, This endpoint has been disabled",
    "ENV_GATED, 403, ENV_GATED, This endpoint is not available in the current environment",
    "RATE_LIMITED, 429, RATE_LIMIT_EXCEEDED, Too many requests",
  })
  void isWhatTheWireSays(RefusalKind kind, int status, String code, String message) {
    assertThat(kind.statusCode()).isEqualTo(status);
    assertThat(kind.code()).isEqualTo(code);
    assertThat(kind.message()).isEqualTo(message);
  }

  @Test
  void everyRefusalHasItsKind() {
    List<Decision.Refusal> refusals =
        List.of(
            new Decision.Maintenance(Decision.Scope.ROUTE, "", null),
            new Decision.Disabled("", null),
            new Decision.EnvGated("dev", List.of()),
            new Decision.RateLimited(LimitScope.ROUTE, "1/day", 1, Instant.EPOCH));

    assertThat(refusals).extracting(Decision.Refusal::kind).containsExactly(RefusalKind.values());
  }
}
