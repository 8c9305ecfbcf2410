package io.shield.simple;

import io.shield.fixtures.BackendContract;
import io.shield.fixtures.MemorySimpleBackend;
import io.shield.spi.ShieldBackend;
import java.util.function.Supplier;

class SimpleBackendContractTest extends BackendContract {
  @Override
  protected Supplier<ShieldBackend> newStore() {
    MemorySimpleBackend store = new MemorySimpleBackend();
    return () -> SimpleBackends.adapt(store, clock);
  }
}
