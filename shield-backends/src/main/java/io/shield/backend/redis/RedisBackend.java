package io.shield.backend.redis;

import io.shield.backend.redis.impl.RedisBackendImpl;
import io.shield.spi.ShieldBackend;
import io.vertx.redis.client.Redis;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A store in Redis, 5 or later.
 *
 * <p>A commit is one Lua script: it compares versions, writes values, index and audit log, raises
 * the revision and publishes the commit, all or nothing. What others wrote past Shield, an instance
 * of the original library for instance, is taken over as a commit. Requests never wait for Redis:
 * they are decided on the engine's copy.
 *
 * <p>Commands and messages have a connection each, opened again with backoff when it is lost or
 * when nothing was heard on it for five seconds. Futures complete on an event loop of the backend.
 */
public interface RedisBackend extends ShieldBackend {
  /** A backend on the Redis the options name; opens nothing yet. */
  static RedisBackend create(RedisBackendOptions options) {
    return create(options, InstantSource.system());
  }

  /**
   * A backend on the Redis the options name; opens nothing yet.
   *
   * @param clock stamps audit entries of what others wrote
   */
  static RedisBackend create(RedisBackendOptions options, InstantSource clock) {
    return new RedisBackendImpl(
        Objects.requireNonNull(options, "options"), Objects.requireNonNull(clock, "clock"), null);
  }

  /**
   * A backend that works with a client of the caller's, who closes it afterwards. Its pool must
   * allow two more connections, which the backend holds until it is shut down.
   *
   * @param options the URL is only used to name the store; addresses, timeouts of connecting and
   *     pool are the client's
   */
  @SuppressWarnings("exports") // who has a client requires its module
  static RedisBackend create(Redis client, RedisBackendOptions options, InstantSource clock) {
    return new RedisBackendImpl(
        Objects.requireNonNull(options, "options"),
        Objects.requireNonNull(clock, "clock"),
        Objects.requireNonNull(client, "client"));
  }
}
