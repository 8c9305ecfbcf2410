package io.shield.impl;

import io.shield.AuditLog;
import io.shield.Bypass;
import io.shield.DeclaredState;
import io.shield.Documents;
import io.shield.Maintenance;
import io.shield.RateLimits;
import io.shield.Routes;
import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.ShieldEngine.Registration;
import io.shield.Store;
import io.shield.Webhooks;
import io.shield.decision.Site;
import io.shield.internal.EngineInternals;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** One holder's view of an engine. */
final class EngineHandle implements ShieldEngine, EngineInternals.Holder {
  private final Engines.Shared shared;
  private final EngineCore core;
  private final Routes routes;
  private final Maintenance maintenance;
  private final RateLimits rateLimits;
  private final Documents documents;
  private final DeclaredState declared;
  private final Store store;
  private final AtomicBoolean released = new AtomicBoolean();

  EngineHandle(Engines.Shared shared) {
    this.shared = shared;
    this.core = shared.core();
    this.routes = new RoutesImpl(core);
    this.maintenance = new MaintenanceImpl(core);
    this.rateLimits = new RateLimitsImpl(core);
    this.documents = new DocumentsImpl(core);
    this.declared = new DeclaredStateImpl(core);
    this.store = new StoreImpl(core);
  }

  @Override
  public Future<Void> start() {
    return shared.start();
  }

  @Override
  public Future<Void> close() {
    core.listeners().release(this);
    return released.compareAndSet(false, true) ? shared.release() : shared.closed();
  }

  @Override
  public String name() {
    return core.configuration().name();
  }

  @Override
  public Vertx vertx() {
    return core.vertx();
  }

  @Override
  public Site site() {
    return core.site();
  }

  @Override
  public Routes routes() {
    return routes;
  }

  @Override
  public Maintenance maintenance() {
    return maintenance;
  }

  @Override
  public RateLimits rateLimits() {
    return rateLimits;
  }

  @Override
  public AuditLog audit() {
    return new AuditLog() {
      @Override
      public Future<List<AuditEntry>> list(AuditQuery query) {
        return core.auditLog(query);
      }

      @Override
      public Future<Integer> count(AuditQuery query) {
        return core.auditCount(query);
      }
    };
  }

  @Override
  public Documents documents() {
    return documents;
  }

  @Override
  public Webhooks webhooks() {
    return core.webhooks();
  }

  @Override
  public DeclaredState declared() {
    return declared;
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Snapshot snapshot() {
    return core.snapshot();
  }

  @Override
  public Registration onChange(Handler<ShieldChange> handler) {
    Objects.requireNonNull(handler, "handler");
    return core.listeners().add(this, applied -> handler.handle(applied.change()));
  }

  @Override
  public Future<Void> register(List<RouteState> declarations) {
    return core.register(declarations);
  }

  @Override
  public Bypass bypass(Bypass.Kind... kinds) {
    return core.bypasses().open(kinds);
  }

  @Override
  public EngineInternals internals() {
    return core;
  }

  @Override
  public long errors() {
    return core.errors();
  }
}
