package io.shield.memory;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import java.util.function.Supplier;

class MemoryBackendContractTest extends BackendContract {
  @Override
  protected Supplier<ShieldBackend> newStore() {
    ShieldBackend backend = MemoryBackend.create(clock, MemoryBackend.DEFAULT_AUDIT_LIMIT);
    return () -> backend;
  }
}
