package io.shield.simple.impl;

import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.simple.NoSuchRouteException;
import io.shield.simple.SimpleBackend;
import io.shield.spi.AuditQuery;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Typed reading and writing through the six methods. Keeps nothing itself. */
final class SimpleStore {
  private static final int READ_ATTEMPTS = 5;

  private final SimpleBackend backend;

  SimpleStore(SimpleBackend backend) {
    this.backend = backend;
  }

  /** Where the store is; fails as unreachable if nothing was ever written to it. */
  Future<Head> head() {
    return headState().map(state -> state.orElseThrow(SimpleStore::noHead)).map(HeadState::head);
  }

  Future<Optional<HeadState>> headState() {
    return get(HeadState.NAME, HeadState::read);
  }

  Future<Optional<Journal>> journal() {
    return get(Journal.NAME, Journal::read);
  }

  private static StoreUnreachableException noHead() {
    return new StoreUnreachableException(
        "the store has no state '" + HeadState.NAME + "': its writing process never started", null);
  }

  /**
   * Everything, whole. Head and journal are looked at before and after, because the listing need
   * not be atomic; if a change began or ended meanwhile it is read again.
   */
  Future<Snapshot> snapshot() {
    return snapshot(1);
  }

  private Future<Snapshot> snapshot(int attempt) {
    return marks()
        .compose(
            before ->
                contents()
                    .compose(
                        contents ->
                            marks()
                                .compose(
                                    after ->
                                        before.equals(after)
                                            ? Future.succeededFuture(whole(contents))
                                            : again(attempt))));
  }

  private Future<Snapshot> again(int attempt) {
    return attempt < READ_ATTEMPTS
        ? snapshot(attempt + 1)
        : Future.failedFuture(
            new StoreUnreachableException(
                "the store changed while it was read, " + attempt + " times", null));
  }

  private static Snapshot whole(Contents contents) {
    if (contents.head() == null) {
      throw noHead();
    }
    return contents.snapshot(contents.head().head());
  }

  /**
   * The journal first: what was begun before it was looked at is then either in it or in the head.
   */
  private Future<Marks> marks() {
    return journal()
        .compose(
            journal -> headState().map(head -> Marks.of(head.orElse(null), journal.orElse(null))));
  }

  Future<Contents> contents() {
    return call("listStates", backend::listStates).map(Contents::of);
  }

  private <T> Future<Optional<T>> get(String name, Function<RouteState, T> read) {
    return call("getState " + name, () -> backend.getState(name))
        .map(state -> Optional.of(readable(state, read)))
        .recover(
            failure ->
                failure instanceof NoSuchRouteException
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private static <T> T readable(RouteState state, Function<RouteState, T> read) {
    try {
      return read.apply(state);
    } catch (InvalidValueException e) {
      throw new ShieldException(
          "the state '" + state.path() + "' cannot be read: " + e.getMessage());
    }
  }

  /** Stores a document at a version; without a value it is removed. */
  Future<Void> write(DocumentKey key, @Nullable DocumentValue value, long version) {
    return value == null
        ? remove(DocumentStates.nameOf(key))
        : write(DocumentStates.write(key, value, version));
  }

  Future<Void> write(RouteState state) {
    return call("setState " + state.path(), () -> backend.setState(state.path(), state));
  }

  Future<Void> remove(String name) {
    return call("deleteState " + name, () -> backend.deleteState(name));
  }

  Future<Void> writeAudit(AuditEntry entry) {
    return call("writeAudit", () -> backend.writeAudit(entry));
  }

  Future<List<AuditEntry>> audit(AuditQuery query) {
    return call("getAuditLog", () -> backend.getAuditLog(query));
  }

  /**
   * What is not one of Shield's own errors comes from the store's driver: it may help to repeat.
   */
  private static <T> Future<T> call(String what, Supplier<Future<T>> method) {
    Future<T> result;
    try {
      result = method.get();
    } catch (RuntimeException e) {
      result = Future.failedFuture(e);
    }
    return result.recover(
        failure ->
            Future.failedFuture(
                failure instanceof ShieldException
                    ? failure
                    : new StoreUnreachableException(what + " failed: " + failure, failure)));
  }

  /**
   * The two places every change passes. If both stood still, no change began or ended.
   *
   * @param head the id of the last commit, or null
   * @param journal the id of the commit being written, or null
   */
  record Marks(@Nullable String head, @Nullable String journal) {
    static Marks of(@Nullable HeadState head, @Nullable Journal journal) {
      return new Marks(
          head == null ? null : head.head().commitId(),
          journal == null ? null : journal.commit().head().commitId());
    }
  }
}
