package io.shield.impl;

import io.shield.Maintenance;
import io.shield.error.InvalidValueException;
import io.shield.error.VersionMismatchException;
import io.shield.impl.change.Audits;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Planner;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maintenance of an engine. Thread-safe. */
final class MaintenanceImpl implements Maintenance {
  private static final String GLOBAL_PATH = "__global__";

  private final EngineCore core;

  MaintenanceImpl(EngineCore core) {
    this.core = core;
  }

  @Override
  public MaintenanceMode global() {
    return core.snapshot().globalMaintenance();
  }

  @Override
  public MaintenanceMode service(String service) {
    return core.snapshot().serviceMaintenance(RouteKey.checkService(service));
  }

  @Override
  public Future<MaintenanceMode> setGlobal(
      MaintenanceMode mode, Actor actor, @Nullable Long ifVersion) {
    return set(null, mode, actor, ifVersion);
  }

  @Override
  public Future<MaintenanceMode> setService(
      String service, MaintenanceMode mode, Actor actor, @Nullable Long ifVersion) {
    Objects.requireNonNull(service, "service");
    return set(service, mode, actor, ifVersion);
  }

  private Future<MaintenanceMode> set(
      @Nullable String service, MaintenanceMode mode, Actor actor, @Nullable Long ifVersion) {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(actor, "actor");
    return core.change(
        () -> planner(service, mode, actor, ifVersion),
        results -> (MaintenanceMode) results.get(0).value());
  }

  private Planner planner(
      @Nullable String service, MaintenanceMode mode, Actor actor, @Nullable Long ifVersion) {
    DocumentKey key =
        service == null ? DocumentKey.globalMaintenance() : DocumentKey.serviceMaintenance(service);
    mode.exemptPaths().forEach(MaintenanceImpl::checkExempt);
    Instant now = core.now();
    return snapshot -> {
      long version = snapshot.version(key);
      if (ifVersion != null && ifVersion != version) {
        throw new VersionMismatchException(key.key(), ifVersion, version);
      }
      return plan(snapshot, key, service, mode, actor, now);
    };
  }

  private static void checkExempt(String path) {
    try {
      RouteKey.parse(path);
    } catch (InvalidValueException notAKey) {
      throw new InvalidValueException(
          "exempt_paths", path, "a path such as /health, or a route key such as GET:/health");
    }
  }

  private static Plan plan(
      Snapshot snapshot,
      DocumentKey key,
      @Nullable String service,
      MaintenanceMode mode,
      Actor actor,
      Instant now) {
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
