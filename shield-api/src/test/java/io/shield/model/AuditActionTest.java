package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.audit.AuditAction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditActionTest {
  /** Rows: the status before. Columns: the status after. */
  @ParameterizedTest
  @CsvSource(
      useHeadersInDisplayName = true,
      value = {
        "before,      active,  maintenance,    disabled, env_gated, deprecated",
        "active,      enable,  maintenance_on, disable,  env_gate,  deprecate",
        "maintenance, maintenance_off, maintenance_on, disable, maintenance_off, maintenance_off",
        "disabled,    enable,  maintenance_on, disable,  env_gate,  deprecate",
        "env_gated,   enable,  maintenance_on, disable,  env_gate,  deprecate",
        "deprecated,  enable,  maintenance_on, disable,  env_gate,  deprecate",
      })
  void namesTheStatusChange(
      String before,
      String active,
      String maintenance,
      String disabled,
      String envGated,
      String deprecated) {
    RouteStatus previous = RouteStatus.parse(before);

    assertThat(AuditAction.ofStatusChange(previous, RouteStatus.ACTIVE)).isEqualTo(active);
    assertThat(AuditAction.ofStatusChange(previous, RouteStatus.MAINTENANCE))
        .isEqualTo(maintenance);
    assertThat(AuditAction.ofStatusChange(previous, RouteStatus.DISABLED)).isEqualTo(disabled);
    assertThat(AuditAction.ofStatusChange(previous, RouteStatus.ENV_GATED)).isEqualTo(envGated);
    assertThat(AuditAction.ofStatusChange(previous, RouteStatus.DEPRECATED)).isEqualTo(deprecated);
  }
}
