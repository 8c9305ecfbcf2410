package io.shield.impl;

import io.shield.AuditLog;
import io.shield.Bypass;
import io.shield.DeclaredState;
import io.shield.Documents;
import io.shield.Maintenance;
import io.shield.RateLimits;
import io.shield.Registration;
import io.shield.Routes;
import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.Webhooks;
import io.shield.decision.Site;
import io.shield.decision.TrustedProxies;
import io.shield.impl.change.Plan;
import io.shield.internal.Declarations;
import io.shield.internal.EngineInternals;
import io.shield.internal.Meters;
import io.shield.internal.gate.Gates;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One holder's view of an engine. */
final class EngineHandle implements ShieldEngine, EngineInternals {
  private final SharedEngine shared;
  private final EngineCore core;
  private final Routes routes;
  private final Maintenance maintenance;
  private final RateLimits rateLimits;
  private final Documents documents;
  private final DeclaredState declared;
  private final Store store;
  private final AtomicBoolean released = new AtomicBoolean();

  EngineHandle(SharedEngine shared) {
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
  public long errors() {
    return core.errors();
  }

  @Override
  public Gates gates() {
    return core.gates();
  }

  @Override
  public InstantSource clock() {
    return core.clock();
  }

  @Override
  public RateLimiting limits() {
    return core.limits();
  }

  @Override
  public boolean enforcesBeforeLoad() {
    return core.enforcesBeforeLoad();
  }

  @Override
  public TrustedProxies trustedProxies() {
    return core.trustedProxies();
  }

  @Override
  public void declare(RouteSource source, Declarations all) {
    core.declare(source, all);
  }

  @Override
  public @Nullable List<Match> matches(String method, String path) {
    return core.matches(method, path);
  }

  @Override
  public List<String> unguarded() {
    return core.unguarded();
  }

  @Override
  public void warn(String topic, String text) {
    core.warn(topic, text);
  }

  @Override
  public boolean isFirst(String topic) {
    return core.isFirst(topic);
  }

  @Override
  public void addRouteSource(RouteSource source) {
    core.addRouteSource(source);
  }

  @Override
  public @Nullable String setting(String variable) {
    return core.configuration().setting(variable);
  }

  @Override
  public Future<Void> commit(Function<Snapshot, Proposal> proposals) {
    return core.change(
        () ->
            snapshot -> {
              Proposal proposal = proposals.apply(snapshot);
              return new Plan(proposal.edits(), proposal.audit(), List.of());
            },
        results -> null);
  }

  @Override
  public Runnable onApplied(Handler<AppliedChange> handler) {
    Objects.requireNonNull(handler, "handler");
    return core.listeners().add(this, applied -> handler.handle(told(applied)))::close;
  }

  private static AppliedChange told(Listeners.Applied applied) {
    ShieldChange change = applied.change();
    return new AppliedChange(
        change.before(), change.after(), change.changed(), change.routes(), applied.commit());
  }

  @Override
  public Future<CommitResult> relay(Change change) {
    return core.relay(change);
  }

  @Override
  public Future<Lineage> lineage() {
    return core.lineage();
  }

  @Override
  public Control control() {
    return core.control();
  }

  @Override
  public Meters meters() {
    return core.meters();
  }

  @Override
  public void countError(Throwable error) {
    core.countError(error);
  }
}
