package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisDialect;
import io.shield.backend.redis.RedisTopology;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.internal.value.Flags;
import io.shield.spi.BackendSettings;
import io.shield.spi.ShieldBackend;
import io.shield.spi.ShieldBackendFactory;
import java.util.List;
import java.util.function.Consumer;

/** Makes the Redis backend from {@code SHIELD_REDIS_URL} and its like. */
public final class RedisBackendFactory implements ShieldBackendFactory {
  private static final String URL = "SHIELD_REDIS_URL";
  private static final String REPLICAS = "SHIELD_REDIS_MIN_REPLICAS";
  private static final String EFFECTIVE = "SHIELD_REDIS_EFFECTIVE_STATUS";
  private static final String PER_POLICY = "SHIELD_REDIS_COUNTERS_PER_POLICY";
  private static final String CLIENT = "io.vertx.redis.client.Redis";

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public ShieldBackend create(BackendSettings settings) {
    checkClient();
    RedisBackendOptions options = new RedisBackendOptions();
    set(settings, "SHIELD_REDIS_TOPOLOGY", v -> options.setTopology(RedisTopology.parse(v)));
    set(settings, "SHIELD_REDIS_MASTER_NAME", options::setMasterName);
    set(settings, "SHIELD_REDIS_DIALECT", v -> options.setDialect(RedisDialect.parse(v)));
    set(settings, "SHIELD_REDIS_KEY_PREFIX", options::setKeyPrefix);
    set(settings, "SHIELD_REDIS_HASH_TAG", options::setHashTag);
    set(settings, "SHIELD_REDIS_CA_FILE", options::setCaFile);
    set(settings, "SHIELD_REDIS_CERT_FILE", options::setCertFile);
    set(settings, "SHIELD_REDIS_KEY_FILE", options::setKeyFile);
    String replicas = settings.shownName(REPLICAS);
    set(settings, REPLICAS, v -> options.setMinReplicas(replicas(replicas, v)));
    String effective = settings.shownName(EFFECTIVE);
    set(settings, EFFECTIVE, v -> options.setEffectiveStatus(Flags.parse(effective, v)));
    String perPolicy = settings.shownName(PER_POLICY);
    set(settings, PER_POLICY, v -> options.setCountersPerPolicy(Flags.parse(perPolicy, v)));
    set(settings, URL, value -> options.setUrls(urls(settings.shownName(URL), value)));
    return RedisBackend.create(options, settings.clock());
  }

  private static void set(BackendSettings settings, String variable, Consumer<String> setter) {
    String value = settings.setting(variable);
    if (value != null) {
      setter.accept(value);
    }
  }

  private static int replicas(String variable, String value) {
    try {
      return Integer.parseInt(value.trim());
    } catch (NumberFormatException e) {
      throw new InvalidValueException(variable, value, "a whole number");
    }
  }

  private static List<String> urls(String variable, String value) {
    List<String> urls = List.of(value.split(","));
    urls.forEach(url -> RedisUrl.parse(variable, url));
    return urls;
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
