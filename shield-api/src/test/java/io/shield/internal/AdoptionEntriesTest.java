package io.shield.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.internal.adoption.AdoptionEntries;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who writes a window into a file changes what is in force, and the entry says so. */
class AdoptionEntriesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void tellsWhatIsInForceBeforeAndAfter() {
    RouteState before = RouteState.active("GET:/pay");
    RouteState after =
        before.toBuilder()
            .window(new MaintenanceWindow(NOW.minusSeconds(60), NOW.plusSeconds(60), "move"))
            .build();

    AuditEntry entry =
        Objects.requireNonNull(
            AdoptionEntries.of(DocumentKey.state("GET:/pay"), before, after, NOW));

    assertThat(entry.nextStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.previousEffective()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.nextEffective()).isEqualTo(RouteStatus.MAINTENANCE);
  }

  @Test
  void tellsWhatWasInForceBeforeADeletion() {
    RouteState before =
        RouteState.active("GET:/pay").toBuilder()
            .window(new MaintenanceWindow(NOW.minusSeconds(60), NOW.plusSeconds(60), "move"))
            .build();

    AuditEntry entry =
        Objects.requireNonNull(
            AdoptionEntries.ofDeletion(DocumentKey.state("GET:/pay"), before, NOW));

    assertThat(entry.previousEffective()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(entry.nextEffective()).isNull();
  }
}
