package io.shield.backend.examples;

import io.shield.json.ShieldJson;
import io.shield.model.AuditEntry;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A SQLite file: one connection, used on a worker thread of its own and in transactions only. */
final class Sqlite {
  /** What is done in one transaction. */
  interface Work<T> {
    T in(Sqlite database) throws SQLException;
  }

  /** What is made of one row. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private static final int SQLITE_FULL = 13;

  private final WorkerExecutor worker;
  private final String url;
  private final List<String> schema;
  private @Nullable Connection connection;

  Sqlite(Vertx vertx, Path file, String... tables) {
    this.worker = vertx.createSharedWorkerExecutor("sqlite-" + System.identityHashCode(this), 1);
    this.url = "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000";
    this.schema = new ArrayList<>(List.of(tables));
    schema.add("CREATE TABLE IF NOT EXISTS audit (n INTEGER PRIMARY KEY, json TEXT NOT NULL)");
  }

  /** Does all of the work, or, if it fails, nothing. */
  <T> Future<T> transaction(Work<T> work) {
    return worker.executeBlocking(() -> committed(work));
  }

  private <T> T committed(Work<T> work) {
    try {
      open();
      update("BEGIN IMMEDIATE");
      try {
        T result = work.in(this);
        update("COMMIT");
        return result;
      } catch (SQLException | RuntimeException e) {
        update("ROLLBACK");
        throw e;
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == SQLITE_FULL) {
        throw new ChangeRefusedException("the disk is full: " + e.getMessage(), e);
      }
      throw new StoreUnreachableException(e.getMessage(), e);
    }
  }

  private void open() throws SQLException {
    if (connection != null) {
      return;
    }
    connection = DriverManager.getConnection(url);
    for (String table : schema) {
      update(table);
    }
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values)) {
      return statement.executeUpdate();
    }
  }

  <T> List<T> query(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> found = new ArrayList<>();
      while (rows.next()) {
        found.add(row.read(rows));
      }
      return found;
    }
  }

  private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  /** Appends to the audit log, which both stores keep in the same way. */
  void writeAudit(AuditEntry entry) throws SQLException {
    update("INSERT INTO audit (json) VALUES (?)", ShieldJson.text(ShieldJson.write(entry)));
  }

  List<AuditEntry> auditLog(AuditQuery query) throws SQLException {
    try (PreparedStatement statement = prepared("SELECT json FROM audit ORDER BY n DESC");
        ResultSet rows = statement.executeQuery()) {
      List<AuditEntry> found = new ArrayList<>();
      int matching = 0;
      while (found.size() < query.limit() && rows.next()) {
        AuditEntry entry = ShieldJson.readAuditEntry(ShieldJson.parse("audit", rows.getString(1)));
        if (query.matches(entry) && matching++ >= query.offset()) {
          found.add(entry);
        }
      }
      return found;
    }
  }

  Future<Void> close() {
    return worker
        .<Void>executeBlocking(
            () -> {
              if (connection != null) {
                connection.close();
                connection = null;
              }
              return null;
            })
        .eventually(worker::close);
  }
}
