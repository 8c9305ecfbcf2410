package io.shield.spi;

import io.shield.model.AuditEntry;
import io.shield.model.RouteState;
import io.vertx.core.Future;
import java.util.List;

/**
 * The six methods a store of one's own needs, the same that the original library asks for. One
 * process writes; others follow by polling.
 *
 * <p>What is not a route, such as the maintenance of the fleet, is kept in states under reserved
 * keys ({@code __shield:...}); {@link #listStates} returns them too. Store a state as the JSON that
 * {@code io.shield.json.ShieldJson} writes, so that every field survives. A state is read back by
 * the next call after the future of its write succeeded.
 */
public interface SimpleBackend {
  /**
   * The state under a key.
   *
   * @return a future that fails with {@link NoSuchRouteException} if there is none
   */
  Future<RouteState> getState(String key);

  /** Stores a state under a key; replaces what is there. */
  Future<Void> setState(String key, RouteState state);

  /** Removes the state under a key; succeeds if there is none. */
  Future<Void> deleteState(String key);

  /** All states, those under reserved keys included, in any order. */
  Future<List<RouteState>> listStates();

  /** Appends an entry to the audit log. */
  Future<Void> writeAudit(AuditEntry entry);

  /** The audit entries that match, newest first. */
  Future<List<AuditEntry>> getAuditLog(AuditQuery query);
}
