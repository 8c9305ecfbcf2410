package io.shield.backend.redis;

import io.shield.fixtures.BackendContract;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on real Redis servers; each store has a prefix of its own. */
class RedisBackendContractTest {
  private static final int SLOTS = 16_384;

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Standalone extends OnRedis {
    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
      redis = RedisProcess.start(directory);
    }
  }

  /** A cluster of one node: every key of a script must have the one hash tag. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Cluster extends OnRedis {
    Cluster() {
      super(new RedisBackendOptions().setTopology(RedisTopology.CLUSTER).setHashTag("shield"));
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
      redis = RedisProcess.start(directory, "--cluster-enabled", "yes");
      Vertx vertx = Vertx.vertx();
      Redis client = Redis.createClient(vertx, redis.url());
      Request slots = Request.cmd(Command.CLUSTER).arg("ADDSLOTS");
      for (int slot = 0; slot < SLOTS; slot++) {
        slots.arg(slot);
      }
      client.send(slots).await(120, TimeUnit.SECONDS);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () ->
                  client
                      .send(Request.cmd(Command.CLUSTER).arg("INFO"))
                      .await(120, TimeUnit.SECONDS)
                      .toString()
                      .contains("cluster_state:ok"));
      client.close();
      vertx.close().await(120, TimeUnit.SECONDS);
    }
  }

  abstract static class OnRedis extends BackendContract {
    private final RedisBackendOptions base;
    private final AtomicInteger stores = new AtomicInteger();
    RedisProcess redis;

    OnRedis() {
      this(new RedisBackendOptions());
    }

    OnRedis(RedisBackendOptions base) {
      this.base = base;
    }

    @AfterAll
    void stop() {
      redis.close();
    }

    @Override
    protected Supplier<ShieldBackend> newStore() {
      RedisBackendOptions options =
          new RedisBackendOptions(base)
              .setUrl(redis.url())
              .setKeyPrefix("store" + stores.incrementAndGet() + ":");
      return () -> RedisBackend.create(options, clock);
    }
  }
}
