package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.model.ShieldException;
import io.shield.spi.BackendSettings;
import io.shield.spi.ShieldBackend;
import io.shield.spi.ShieldBackendFactory;

/** Makes the Redis backend from {@code SHIELD_REDIS_URL}. */
public final class RedisBackendFactory implements ShieldBackendFactory {
  private static final String URL = "SHIELD_REDIS_URL";
  private static final String CLIENT = "io.vertx.redis.client.Redis";

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public ShieldBackend create(BackendSettings settings) {
    checkClient();
    RedisBackendOptions options = new RedisBackendOptions();
    String url = settings.setting(URL);
    if (url != null) {
      RedisUrl.parse(URL, url);
      options.setUrl(url);
    }
    return RedisBackend.create(options, settings.clock());
  }

  private static void checkClient() {
    try {
      Class.forName(CLIENT, false, RedisBackendFactory.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new ShieldException(
          "the redis backend needs the artifact io.vertx:vertx-redis-client, add it", e);
    }
  }
}
