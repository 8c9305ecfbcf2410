package io.shield.backend.examples;

import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A SQLite file: one connection, used on worker threads, one at a time, in transactions only. */
final class Sqlite {
  /** What is done in one transaction. */
  interface Work<T> {
    T in(Sqlite database) throws SQLException;
  }

  private static final int SQLITE_FULL = 13;
  private static final int AUDIT_LIMIT = 1000;

  private final Vertx vertx;
  private final String url;
  private final List<String> tables;
  private @Nullable Connection connection;
  private boolean hasTables;

  Sqlite(Vertx vertx, Path file, String... tables) {
    this.vertx = vertx;
    this.url = "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000";
    this.tables = new ArrayList<>(List.of(tables));
    this.tables.add("CREATE TABLE IF NOT EXISTS audit (n INTEGER PRIMARY KEY, json TEXT NOT NULL)");
  }

  /** Reads what is of one moment. */
  <T> Future<T> read(Work<T> work) {
    return vertx.executeBlocking(() -> transaction("BEGIN", work));
  }

  /** Does all of the work, or, if it fails, nothing. */
  <T> Future<T> write(Work<T> work) {
    return vertx.executeBlocking(() -> transaction("BEGIN IMMEDIATE", work));
  }

  private synchronized <T> T transaction(String begin, Work<T> work) {
    try {
      open();
      update(begin);
      try {
        T result = work.in(this);
        update("COMMIT");
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(e);
        throw e;
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == SQLITE_FULL) {
        throw new ChangeRefusedException("the disk is full: " + e.getMessage(), e);
      }
      throw new StoreUnreachableException(e.getMessage(), e);
    }
  }

  /** After some errors SQLite has rolled back already, and says that there is nothing to do. */
  private void rollBack(Exception reason) {
    try {
      update("ROLLBACK");
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private void open() throws SQLException {
    if (connection == null) {
      connection = DriverManager.getConnection(url);
    }
    if (!hasTables) {
      for (String table : tables) {
        update(table);
      }
      hasTables = true;
    }
  }

  int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /** The first column of all rows. */
  List<String> texts(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  private PreparedStatement prepared(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  /** Appends to the audit log, which both stores keep in the same way; the oldest entries go. */
  int writeAudit(AuditEntry entry) throws SQLException {
    update("DELETE FROM audit WHERE n <= (SELECT max(n) FROM audit) - ?", AUDIT_LIMIT - 1);
    return update("INSERT INTO audit (json) VALUES (?)", ShieldJson.text(ShieldJson.write(entry)));
  }

  List<AuditEntry> auditLog(AuditQuery query) throws SQLException {
    return texts("SELECT json FROM audit ORDER BY n DESC").stream()
        .map(json -> ShieldJson.readAuditEntry(ShieldJson.parse("audit", json)))
        .filter(query::matches)
        .skip(query.offset())
        .limit(query.limit())
        .toList();
  }

  Future<Void> close() {
    return vertx.executeBlocking(this::disconnect);
  }

  private synchronized Void disconnect() throws SQLException {
    if (connection != null) {
      connection.close();
    }
    return null;
  }
}
