package io.shield.backend.examples;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.model.store.Versioned;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.CommitResult;
import io.shield.spi.RecentCommits;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The whole interface on a SQLite file that processes of one host may share. */
class SqliteBackend implements ShieldBackend {
  private final Sqlite sqlite;
  private final InstantSource clock;

  SqliteBackend(Vertx vertx, Path file, InstantSource clock) {
    this.clock = clock;
    this.sqlite =
        new Sqlite(
            vertx,
            file,
            "CREATE TABLE IF NOT EXISTS head (only INTEGER PRIMARY KEY, json TEXT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS requests (id TEXT PRIMARY KEY, json TEXT, at INTEGER)",
            "CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, json TEXT NOT NULL)");
  }

  @Override
  public Future<Void> startup(Vertx vertx) {
    Head first = new Head(UUID.randomUUID().toString(), 1, UUID.randomUUID().toString());
    String json = ShieldJson.text(ShieldJson.write(first));
    return sqlite
        .write(db -> db.update("INSERT OR IGNORE INTO head VALUES (1, ?)", json))
        .mapEmpty();
  }

  @Override
  public Future<Head> head() {
    return sqlite.read(SqliteBackend::head);
  }

  private static Head head(Sqlite db) throws SQLException {
    String json = db.texts("SELECT json FROM head").get(0);
    return ShieldJson.readHead(ShieldJson.parse("head", json));
  }

  @Override
  public Future<Snapshot> load() {
    return sqlite.read(
        db -> Snapshot.of(head(db), documents(db, "SELECT json FROM documents ORDER BY rowid")));
  }

  private static Map<DocumentKey, Versioned<?>> documents(Sqlite db, String sql, Object... names)
      throws SQLException {
    Map<DocumentKey, Versioned<?>> found = new LinkedHashMap<>();
    for (String text : db.texts(sql, names)) {
      JsonNode json = ShieldJson.parse("document", text);
      long version = json.get("version").longValue();
      found.put(CommitJson.readKey(json), new Versioned<>(CommitJson.readValue(json), version));
    }
    return found;
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    return sqlite.write(db -> commit(db, change));
  }

  private CommitResult commit(Sqlite db, Change change) throws SQLException {
    List<String> earlier = db.texts("SELECT json FROM requests WHERE id = ?", change.requestId());
    if (!earlier.isEmpty()) {
      return new CommitResult.Accepted(
          CommitJson.readCommit(ShieldJson.parse("commit", earlier.get(0))));
    }
    Map<DocumentKey, Versioned<?>> edited = new LinkedHashMap<>();
    for (Edit edit : change.edits()) {
      edited.putAll(
          documents(db, "SELECT json FROM documents WHERE name = ?", edit.key().toString()));
    }
    Head head = head(db);
    List<VersionConflict> conflicts = Snapshot.of(head, edited).conflicts(change);
    if (!conflicts.isEmpty()) {
      return new CommitResult.Conflict(head, conflicts);
    }
    Commit commit = Commit.following(head, UUID.randomUUID().toString(), change);
    write(db, commit);
    return new CommitResult.Accepted(commit);
  }

  private void write(Sqlite db, Commit commit) throws SQLException {
    for (Edit edit : commit.change().edits()) {
      String name = edit.key().toString();
      if (edit.value() == null) {
        db.update("DELETE FROM documents WHERE name = ?", name);
      } else {
        db.update(
            "INSERT INTO documents VALUES (?1, ?2) ON CONFLICT DO UPDATE SET json = ?2",
            name,
            ShieldJson.text(CommitJson.write(edit.key(), commit.head().revision(), edit.value())));
      }
    }
    for (AuditEntry entry : commit.change().audit()) {
      db.writeAudit(entry);
    }
    Instant now = clock.instant();
    long forgotten = now.minus(RecentCommits.RETENTION).getEpochSecond();
    db.update("DELETE FROM requests WHERE at < ?", forgotten);
    db.update(
        "INSERT INTO requests VALUES (?, ?, ?)",
        commit.change().requestId(),
        ShieldJson.text(CommitJson.write(commit)),
        now.getEpochSecond());
    db.update("UPDATE head SET json = ?", ShieldJson.text(ShieldJson.write(commit.head())));
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return sqlite.read(db -> db.auditLog(query));
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, false, true);
  }

  @Override
  public Future<Void> shutdown() {
    return sqlite.close();
  }
}
