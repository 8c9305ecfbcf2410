package io.shield.backend.examples;

import io.shield.fixtures.BackendContract;
import io.shield.simple.SimpleBackends;
import io.shield.spi.ShieldBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteSimpleBackendTest extends BackendContract {
  @TempDir Path directory;

  private final List<SqliteSimpleBackend> opened = new ArrayList<>();

  @Override
  protected Supplier<ShieldBackend> newStore() {
    Path file = directory.resolve(UUID.randomUUID() + ".db");
    return () -> {
      SqliteSimpleBackend store = new SqliteSimpleBackend(vertx(), file);
      opened.add(store);
      return SimpleBackends.adapt(store, clock);
    };
  }

  @AfterEach
  void closeFiles() throws Exception {
    for (SqliteSimpleBackend store : opened) {
      get(store.close());
    }
  }
}
