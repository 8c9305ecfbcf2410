package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.Maintenance;
import io.shield.ShieldEngine;
import io.shield.decision.Decision;
import io.shield.fixtures.MutableClock;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Gates;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.DocumentKey;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The maintenance of the fleet and of a service. */
class MaintenanceModesTest extends EngineTest {
  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(on(store).setClock(clock).setService("billing"));
    await(
        engine.register(
            List.of(
                RouteState.active("GET:/pay"),
                RouteState.active("GET:/free"),
                RouteState.builder("GET:/health").forceActive(true).build())));
  }

  private MaintenanceMode done(
      Function<Maintenance, Future<MaintenanceMode>> change, AuditEntry expected) {
    long revision = contentOf(store).head().revision();
    int logged = auditOf(store).size();
    clock.advance(Duration.ofSeconds(1));
    MaintenanceMode mode = await(change.apply(engine.maintenance()));
    assertThat(contentOf(store).head().revision()).isEqualTo(revision + 1);
    assertThat(auditOf(store)).hasSize(logged + 1);
    AuditEntry entry = auditOf(store).get(0);
    assertThat(entry)
        .usingRecursiveComparison()
        .ignoringFields("id", "timestamp", "revision", "changes")
        .isEqualTo(expected);
    assertThat(entry.timestamp()).isEqualTo(clock.instant());
    assertThat(entry.revision()).isEqualTo(revision + 1);
    return mode;
  }

  private static AuditEntry entry(
      String path,
      String service,
      String action,
      String reason,
      RouteStatus before,
      RouteStatus after) {
    return new AuditEntry(
        "any",
        MutableClock.START,
        path,
        service,
        action,
        "alice",
        "cli",
        reason,
        before,
        after,
        0,
        List.of(),
        null,
        false);
  }

  private boolean isOpen(String path) {
    Gates gates = EngineInternals.of(engine).gates();
    int slot = gates.slots(List.of(path))[0];
    return gates.verdict(slot, HttpMethod.GET).decision().equals(Decision.ALLOW);
  }

  @Test
  void globalMaintenanceOnAndOff() {
    assertThat(engine.maintenance().global()).isEqualTo(MaintenanceMode.OFF);
    done(
        maintenance -> maintenance.enableGlobal(ALICE, "deploy"),
        entry(
            "__global__",
            null,
            "global_maintenance_on",
            "deploy",
            RouteStatus.ACTIVE,
            RouteStatus.MAINTENANCE));
    assertThat(auditOf(store).get(0).changes())
        .containsExactly(
            new FieldChange("enabled", "false", "true"),
            new FieldChange("reason", "\"\"", "\"deploy\""));
    assertThat(engine.maintenance().global()).isEqualTo(MaintenanceMode.on("deploy"));
    assertThat(isOpen("/pay")).isFalse();
    assertThat(isOpen("/health")).isTrue();
    done(
        maintenance -> maintenance.disableGlobal(ALICE),
        entry(
            "__global__",
            null,
            "global_maintenance_off",
            "",
            RouteStatus.MAINTENANCE,
            RouteStatus.ACTIVE));
    assertThat(engine.maintenance().global()).isEqualTo(MaintenanceMode.OFF);
    assertThat(isOpen("/pay")).isTrue();
  }

  @Test
  void globalMaintenanceWithExemptPathsAndForceActiveIncluded() {
    MaintenanceMode mode = new MaintenanceMode(true, "db", List.of("GET:/free"), true);
    assertThat(await(engine.maintenance().setGlobal(mode, ALICE))).isEqualTo(mode);
    assertThat(isOpen("/pay")).isFalse();
    assertThat(isOpen("/free")).isTrue();
    assertThat(isOpen("/health")).isFalse();
    assertThat(auditOf(store).get(0).changes())
        .extracting(FieldChange::field)
        .containsExactly("enabled", "reason", "exempt_paths", "include_force_active");
  }

  @Test
  void exemptPathsCanBeKeptWithoutMaintenance() {
    // An exempt path alone closes nothing.
    MaintenanceMode mode = new MaintenanceMode(false, "", List.of("/free"), false);
    done(
        maintenance -> maintenance.setGlobal(mode, ALICE),
        entry(
            "__global__",
            null,
            "global_maintenance_off",
            "",
            RouteStatus.ACTIVE,
            RouteStatus.ACTIVE));
    assertThat(isOpen("/pay")).isTrue();
  }

  @Test
  void serviceMaintenanceClosesItsServiceOnly() {
    done(
        maintenance -> maintenance.enableService("billing", ALICE, "db"),
        entry(
            "__shield:svc_global:billing__",
            "billing",
            "service_maintenance_on",
            "db",
            RouteStatus.ACTIVE,
            RouteStatus.MAINTENANCE));
    assertThat(engine.maintenance().service("billing")).isEqualTo(MaintenanceMode.on("db"));
    assertThat(engine.maintenance().service("other")).isEqualTo(MaintenanceMode.OFF);
    assertThat(isOpen("/pay")).isFalse();
    done(
        maintenance -> maintenance.disableService("billing", ALICE),
        entry(
            "__shield:svc_global:billing__",
            "billing",
            "service_maintenance_off",
            "",
            RouteStatus.MAINTENANCE,
            RouteStatus.ACTIVE));
    assertThat(isOpen("/pay")).isTrue();
    await(engine.maintenance().enableService("other", ALICE, ""));
    assertThat(isOpen("/pay")).isTrue();
  }

  @Test
  void aServicesExemptPathsAreItsOwn() {
    MaintenanceMode mode = new MaintenanceMode(true, "", List.of("/free"), true);
    await(engine.maintenance().setService("billing", mode, ALICE));
    assertThat(isOpen("/free")).isTrue();
    assertThat(isOpen("/health")).isFalse();
    assertThat(contentOf(store).value(DocumentKey.serviceMaintenance("billing"))).isEqualTo(mode);
  }

  @Test
  void twoMaintenancesAreIndependent() {
    await(engine.maintenance().enableGlobal(ALICE, ""));
    await(engine.maintenance().enableService("billing", ALICE, ""));
    await(engine.maintenance().disableGlobal(ALICE));
    assertThat(isOpen("/pay")).isFalse();
    await(engine.maintenance().disableService("billing", ALICE));
    assertThat(isOpen("/pay")).isTrue();
  }
}
