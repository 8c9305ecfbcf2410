package io.shield.engine;

import io.shield.memory.MemoryBackend;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One node's way to a store that several share. A tenth of what is pushed gets lost, comes late or
 * comes twice; requests and answers get lost.
 */
final class UnreliableBackend implements ShieldBackend {
  private final MemoryBackend store;
  private final Random random;
  private final List<Commit> late = new ArrayList<>();
  private volatile boolean reliable;

  UnreliableBackend(MemoryBackend store, long seed) {
    this.store = store;
    this.random = new Random(seed);
  }

  /** Loses nothing that is asked from now on; what was pushed and lost stays lost. */
  void becomeReliable() {
    reliable = true;
  }

  private synchronized int draw(int bound) {
    return reliable ? bound : random.nextInt(bound);
  }

  private static <T> Future<T> lost() {
    return Future.failedFuture(new StoreUnreachableException("lost on purpose", null));
  }

  private <T> Future<T> answer(Future<T> answer) {
    return draw(20) == 0 ? lost() : answer;
  }

  @Override
  public Future<Head> head() {
    return answer(store.head());
  }

  @Override
  public Future<Snapshot> load() {
    return answer(store.load());
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    return draw(20) == 0 ? lost() : answer(store.commit(change));
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return store.auditLog(query);
  }

  @Override
  public Future<Subscription> subscribe(CommitListener listener) {
    return store.subscribe(
        new CommitListener() {
          @Override
          public void committed(Commit commit) {
            push(listener, commit);
          }

          @Override
          public void outdated() {}
        });
  }

  private synchronized void push(CommitListener listener, Commit commit) {
    switch (draw(30)) {
      case 0 -> {}
      case 1 -> late.add(commit);
      case 2 -> {
        listener.committed(commit);
        listener.committed(commit);
      }
      default -> {
        listener.committed(commit);
        late.forEach(listener::committed);
        late.clear();
      }
    }
  }

  @Override
  public Capabilities capabilities() {
    return store.capabilities();
  }
}
