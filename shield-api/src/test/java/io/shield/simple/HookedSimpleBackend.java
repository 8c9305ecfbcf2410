package io.shield.simple;

import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/** Six methods that all pass through one place. */
abstract class HookedSimpleBackend implements SimpleBackend {
  private final SimpleBackend store;

  HookedSimpleBackend(SimpleBackend store) {
    this.store = store;
  }

  /** Decides what becomes of a call. */
  abstract <T> Future<T> through(Supplier<Future<T>> call);

  @Override
  public Future<RouteState> getState(String key) {
    return through(() -> store.getState(key));
  }

  @Override
  public Future<Void> setState(String key, RouteState state) {
    return through(() -> store.setState(key, state));
  }

  @Override
  public Future<Void> deleteState(String key) {
    return through(() -> store.deleteState(key));
  }

  @Override
  public Future<List<RouteState>> listStates() {
    return through(store::listStates);
  }

  @Override
  public Future<Void> writeAudit(AuditEntry entry) {
    return through(() -> store.writeAudit(entry));
  }

  @Override
  public Future<List<AuditEntry>> getAuditLog(AuditQuery query) {
    return through(() -> store.getAuditLog(query));
  }
}
