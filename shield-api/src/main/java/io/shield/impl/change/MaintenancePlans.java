package io.shield.impl.change;

import io.shield.error.InvalidValueException;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans changes of the maintenance of the fleet or of a service. */
public final class MaintenancePlans {
  private static final String GLOBAL_PATH = "__global__";

  private MaintenancePlans() {}

  /** Refuses a mode that exempts what is no path. */
  public static void check(MaintenanceMode mode) {
    mode.exemptPaths().forEach(MaintenancePlans::checkExempt);
  }

  private static void checkExempt(String path) {
    try {
      RouteKey.parse(path);
    } catch (InvalidValueException notAKey) {
      throw new InvalidValueException(
          "exempt_paths", path, "a path such as /health, or a route key such as GET:/health");
    }
  }

  /**
   * Sets it.
   *
   * @param service the service, or null for the fleet
   */
  public static Plan set(
      Snapshot snapshot, @Nullable String service, MaintenanceMode mode, Actor actor, Instant now) {
    DocumentKey key =
        service == null ? DocumentKey.globalMaintenance() : DocumentKey.serviceMaintenance(service);
    MaintenanceMode before = (MaintenanceMode) snapshot.value(key);
    AuditEntry entry =
        Audits.entry(
            service == null ? GLOBAL_PATH : key.key(),
            service,
            action(service, mode),
            mode.reason(),
            actor,
            status(before),
            status(mode),
            Audits.changes(before == null ? MaintenanceMode.OFF : before, mode),
            now);
    long version = snapshot.version(key);
    return new Plan(
        List.of(new Edit(key, version, mode)),
        List.of(entry),
        List.of(new Plan.Result(key, mode, version)));
  }

  private static String action(@Nullable String service, MaintenanceMode mode) {
    if (service == null) {
      return mode.enabled()
          ? AuditAction.GLOBAL_MAINTENANCE_ON
          : AuditAction.GLOBAL_MAINTENANCE_OFF;
    }
    return mode.enabled()
        ? AuditAction.SERVICE_MAINTENANCE_ON
        : AuditAction.SERVICE_MAINTENANCE_OFF;
  }

  private static RouteStatus status(@Nullable MaintenanceMode mode) {
    return mode != null && mode.enabled() ? RouteStatus.MAINTENANCE : RouteStatus.ACTIVE;
  }
}
