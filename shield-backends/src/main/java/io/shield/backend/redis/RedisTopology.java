package io.shield.backend.redis;

import io.shield.error.InvalidValueException;
import java.util.Locale;

/** How the Redis servers of one store belong together. */
public enum RedisTopology {
  /** One server. */
  STANDALONE,
  /** Servers whose master is asked for at sentinels; the endpoints are the sentinels'. */
  SENTINEL,
  /** A Redis Cluster; needs a hash tag, so that all keys lie on one node. */
  CLUSTER,
  /** A master and its replicas, found by asking any of them. */
  REPLICATION;

  /** The name in configuration. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a name.
   *
   * @throws InvalidValueException if there is none such
   */
  public static RedisTopology parse(String name) {
    for (RedisTopology value : values()) {
      if (value.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    throw new InvalidValueException(
        "topology", name, "one of standalone, sentinel, cluster, replication");
  }
}
