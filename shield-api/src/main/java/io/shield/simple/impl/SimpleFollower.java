package io.shield.simple.impl;

import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.simple.SimpleBackend;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import java.util.List;

/** Reads what the writing process writes. */
public final class SimpleFollower implements ShieldBackend {
  private final SimpleStore store;

  public SimpleFollower(SimpleBackend store) {
    this.store = new SimpleStore(store);
  }

  @Override
  public Future<Head> head() {
    return store.head();
  }

  @Override
  public Future<Snapshot> load() {
    return store.snapshot();
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    return Future.failedFuture(
        new ChangeRefusedException(
            "this process only follows the store; make changes in the one that writes", null));
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return store.audit(query);
  }

  @Override
  public Capabilities capabilities() {
    return SimpleWriter.CAPABILITIES;
  }
}
