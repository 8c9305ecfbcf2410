package io.shield.backend.examples;

import io.shield.json.ShieldJson;
import io.shield.model.AuditEntry;
import io.shield.model.RouteState;
import io.shield.spi.AuditQuery;
import io.shield.spi.NoSuchRouteException;
import io.shield.spi.SimpleBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The six methods on a SQLite file. */
class SqliteSimpleBackend implements SimpleBackend {
  private final Sqlite sqlite;

  SqliteSimpleBackend(Vertx vertx, Path file) {
    sqlite =
        new Sqlite(
            vertx,
            file,
            "CREATE TABLE IF NOT EXISTS states (key TEXT PRIMARY KEY, json TEXT NOT NULL)");
  }

  @Override
  public Future<RouteState> getState(String key) {
    return sqlite
        .transaction(
            db ->
                db.query("SELECT json FROM states WHERE key = ?", SqliteSimpleBackend::state, key))
        .map(
            found -> {
              if (found.isEmpty()) {
                throw new NoSuchRouteException(key);
              }
              return found.get(0);
            });
  }

  private static RouteState state(ResultSet row) throws SQLException {
    return ShieldJson.readStoredRouteState(ShieldJson.parse("state", row.getString(1)));
  }

  @Override
  public Future<Void> setState(String key, RouteState state) {
    String json = ShieldJson.text(ShieldJson.write(state));
    return sqlite
        .transaction(db -> db.update("INSERT OR REPLACE INTO states VALUES (?, ?)", key, json))
        .mapEmpty();
  }

  @Override
  public Future<Void> deleteState(String key) {
    return sqlite.transaction(db -> db.update("DELETE FROM states WHERE key = ?", key)).mapEmpty();
  }

  @Override
  public Future<List<RouteState>> listStates() {
    return sqlite.transaction(
        db -> db.query("SELECT json FROM states ORDER BY key", SqliteSimpleBackend::state));
  }

  @Override
  public Future<Void> writeAudit(AuditEntry entry) {
    return sqlite.transaction(
        db -> {
          db.writeAudit(entry);
          return null;
        });
  }

  @Override
  public Future<List<AuditEntry>> getAuditLog(AuditQuery query) {
    return sqlite.transaction(db -> db.auditLog(query));
  }

  Future<Void> close() {
    return sqlite.close();
  }
}
