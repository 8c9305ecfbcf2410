package io.shield.backend.file.impl;

import io.shield.backend.file.FileBackendOptions;
import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The contract in every format; on the real disk in JSON, without waiting for it in the others. */
class FileBackendContractTest {
  @Nested
  class Json extends InFormat {
    Json() {
      super(".json", NioFileOps.INSTANCE);
    }
  }

  @Nested
  class Yaml extends InFormat {
    Yaml() {
      super(".yaml", UNSYNCED);
    }
  }

  @Nested
  class Toml extends InFormat {
    Toml() {
      super(".toml", UNSYNCED);
    }
  }

  /** One for all stores: those of one path know each other by it. */
  private static final FileOps UNSYNCED = WatchedOps.withoutSyncing();

  private static final Logger LOG = LoggerFactory.getLogger(FileBackendContractTest.class);

  abstract static class InFormat extends BackendContract {
    private final String extension;
    private final FileOps ops;
    @TempDir Path directory;

    InFormat(String extension, FileOps ops) {
      this.extension = extension;
      this.ops = ops;
    }

    @Override
    protected Supplier<ShieldBackend> newStore() throws Exception {
      Path file = Files.createTempDirectory(directory, "store").resolve("state" + extension);
      FileBackendOptions options = new FileBackendOptions().setPath(file.toString());
      return () -> new FileBackendImpl(options, clock, ops, LOG);
    }
  }
}
