package io.shield.simple;

import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import java.util.List;

/**
 * The six methods a store of one's own needs, the same that the original library asks for. {@code
 * io.shield.simple.SimpleBackends} makes a {@link ShieldBackend} of them: one process writes,
 * others follow by polling.
 *
 * <p>What is not a route, such as the maintenance of the fleet, is kept in states under reserved
 * keys ({@code __shield:...}, at most 512 characters); {@link #listStates} returns them too, and
 * their {@code reason} may be megabytes long. Store a state as the JSON that {@code
 * io.shield.json.ShieldJson} writes, so that every field survives.
 *
 * <p>Each method takes effect wholly or not at all, and before its future succeeds; the next call
 * sees it. After a future failed the call may have taken effect, but it must not do so any later.
 * The methods may be called from any thread and must not block it; the writing process calls those
 * that write one at a time. A failure of any kind means "try again later"; only a {@link
 * ChangeRefusedException} from {@link #setState} promises that nothing was written.
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

  /** All states, those under reserved keys included, in any order; need not be of one moment. */
  Future<List<RouteState>> listStates();

  /** Appends an entry to the audit log. */
  Future<Void> writeAudit(AuditEntry entry);

  /**
   * The audit entries that match, newest first: in the reverse order of their writing, whatever
   * their timestamps.
   */
  Future<List<AuditEntry>> getAuditLog(AuditQuery query);
}
