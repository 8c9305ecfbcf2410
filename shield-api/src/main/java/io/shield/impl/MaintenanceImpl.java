package io.shield.impl;

import io.shield.Maintenance;
import io.shield.error.VersionMismatchException;
import io.shield.impl.change.MaintenancePlans;
import io.shield.impl.change.Plan.Planner;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.audit.Actor;
import io.shield.model.store.DocumentKey;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maintenance of an engine. Thread-safe. */
final class MaintenanceImpl implements Maintenance {
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
    MaintenancePlans.check(mode);
    Instant now = core.now();
    return snapshot -> {
      long version = snapshot.version(key);
      if (ifVersion != null && ifVersion != version) {
        throw new VersionMismatchException(key.key(), ifVersion, version);
      }
      return MaintenancePlans.set(snapshot, service, mode, actor, now);
    };
  }
}
