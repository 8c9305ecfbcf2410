package io.shield.backend.redis.impl;

import io.shield.spi.StoreUnreachableException;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which node of a Redis Cluster has which slots, as one of them told. Immutable. */
final class SlotMap {
  private static final int SLOTS = 16_384;
  private static final int POLYNOMIAL = 0x1021;

  private record Range(int last, String url) {}

  private final String teller;
  private final TreeMap<Integer, Range> byFirst = new TreeMap<>();

  /**
   * What a node answers to CLUSTER SLOTS.
   *
   * @param teller the node's URL; the others are reached the same way
   */
  SlotMap(String teller, Response slots) {
    this.teller = teller;
    for (Response range : slots) {
      Response node = range.get(2);
      String host = node.get(0) == null ? "" : node.get(0).toString();
      // A node that does not know its own address yet means itself.
      String url = host.isEmpty() ? teller : RedisUrl.at(teller, host, node.get(1).toInteger());
      byFirst.put(range.get(0).toInteger(), new Range(range.get(1).toInteger(), url));
    }
  }

  /** The URL of the node that has a key's slot. */
  String owner(String key) {
    String url = ownerOrNull(key);
    if (url == null) {
      throw new StoreUnreachableException(
          "the Redis Cluster at "
              + RedisUrl.parse("url", teller)
              + " has no node for slot "
              + slot(key),
          null);
    }
    return url;
  }

  /** The same; null if no node has it. */
  @Nullable String ownerOrNull(String key) {
    int slot = slot(key);
    Map.Entry<Integer, Range> range = byFirst.floorEntry(slot);
    return range == null || range.getValue().last() < slot ? null : range.getValue().url();
  }

  /** The slot of a key: that of its hash tag, if it has one. */
  static int slot(String key) {
    int open = key.indexOf('{');
    int close = open < 0 ? -1 : key.indexOf('}', open);
    String hashed = close > open + 1 ? key.substring(open + 1, close) : key;
    int crc = 0;
    for (byte each : hashed.getBytes(StandardCharsets.UTF_8)) {
      crc ^= (each & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
      }
    }
    return crc & (SLOTS - 1);
  }
}
