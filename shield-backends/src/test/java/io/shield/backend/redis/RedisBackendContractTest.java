package io.shield.backend.redis;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real Redis; each store has a prefix of its own. */
class RedisBackendContractTest extends BackendContract {
  private static final AtomicInteger STORES = new AtomicInteger();
  private static RedisProcess redis;

  @BeforeAll
  static void startRedis(@TempDir Path directory) throws Exception {
    redis = RedisProcess.start(directory);
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @Override
  protected Supplier<ShieldBackend> newStore() {
    RedisBackendOptions options =
        new RedisBackendOptions()
            .setUrl(redis.url())
            .setKeyPrefix("store" + STORES.incrementAndGet() + ":");
    return () -> RedisBackend.create(options, clock);
  }
}
