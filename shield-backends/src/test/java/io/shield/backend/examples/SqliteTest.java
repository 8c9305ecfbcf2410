package io.shield.backend.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.spi.ChangeRefusedException;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTest {
  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private Sqlite sqlite;

  @BeforeEach
  void open() {
    sqlite = new Sqlite(vertx, directory.resolve("t.db"), "CREATE TABLE IF NOT EXISTS t (a TEXT)");
  }

  @AfterEach
  void close() {
    sqlite.close().await();
    vertx.close().await();
  }

  private List<String> content() {
    return sqlite.read(db -> db.texts("SELECT a FROM t")).await();
  }

  private int insert(Sqlite db, String value) throws SQLException {
    return db.update("INSERT INTO t VALUES (?)", value);
  }

  @Test
  void workThatFailsLeavesNothing() {
    sqlite.write(db -> insert(db, "kept")).await();

    assertThatThrownBy(() -> sqlite.write(db -> insert(db, "lost") + db.update("NONSENSE")).await())
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("NONSENSE");

    assertThat(content()).containsExactly("kept");
  }

  @Test
  void aFullDiskRefusesTheChangeAndLeavesNothing() {
    sqlite.read(db -> db.texts("PRAGMA max_page_count = 10")).await();

    assertThatThrownBy(
            () -> sqlite.write(db -> insert(db, "a") + insert(db, "x".repeat(100_000))).await())
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContaining("full");

    assertThat(content()).isEmpty();
  }

  @Test
  void aFileThatCannotBeOpenedIsUnreachable() {
    Sqlite nowhere = new Sqlite(vertx, directory.resolve("missing/t.db"));

    assertThatThrownBy(() -> nowhere.read(db -> db.texts("SELECT 1")).await())
        .isInstanceOf(StoreUnreachableException.class);
    nowhere.close().await();
  }
}
