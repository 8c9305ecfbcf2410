package io.shield.backend.examples;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackendTest extends BackendContract {
  @TempDir Path directory;

  @Override
  protected Supplier<ShieldBackend> newStore() {
    Path file = directory.resolve(UUID.randomUUID() + ".db");
    return () -> new SqliteBackend(vertx(), file, clock);
  }
}
