package io.shield.backend.examples;

import io.shield.json.ShieldJson;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.simple.NoSuchRouteException;
import io.shield.simple.SimpleBackend;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
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
        .read(db -> db.texts("SELECT json FROM states WHERE key = ?", key))
        .map(
            found ->
                found.stream()
                    .map(SqliteSimpleBackend::state)
                    .findAny()
                    .orElseThrow(() -> new NoSuchRouteException(key)));
  }

  private static RouteState state(String json) {
    return ShieldJson.readStoredRouteState(ShieldJson.parse("state", json));
  }

  @Override
  public Future<Void> setState(String key, RouteState state) {
    String json = ShieldJson.text(ShieldJson.write(state));
    return sqlite
        .write(
            db ->
                db.update(
                    "INSERT INTO states VALUES (?1, ?2) ON CONFLICT DO UPDATE SET json = ?2",
                    key,
                    json))
        .mapEmpty();
  }

  @Override
  public Future<Void> deleteState(String key) {
    return sqlite.write(db -> db.update("DELETE FROM states WHERE key = ?", key)).mapEmpty();
  }

  @Override
  public Future<List<RouteState>> listStates() {
    return sqlite
        .read(db -> db.texts("SELECT json FROM states ORDER BY rowid"))
        .map(found -> found.stream().map(SqliteSimpleBackend::state).toList());
  }

  @Override
  public Future<Void> writeAudit(AuditEntry entry) {
    return sqlite.write(db -> db.writeAudit(entry)).mapEmpty();
  }

  @Override
  public Future<List<AuditEntry>> getAuditLog(AuditQuery query) {
    return sqlite.read(db -> db.auditLog(query));
  }

  Future<Void> close() {
    return sqlite.close();
  }
}
