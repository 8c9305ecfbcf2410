package io.shield.impl;

import io.shield.model.DocumentKey;
import io.shield.model.Head;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/**
 * Publishes on the event bus that something changed: {@code shield.{name}.changes}, in this process
 * only. The message is a hint where to look ({@code epoch}, {@code revision}, {@code changed}), not
 * the state.
 */
final class ChangeAnnouncer {
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final Vertx vertx;
  private final String address;

  ChangeAnnouncer(Vertx vertx, String engineName) {
    this.vertx = vertx;
    this.address = "shield." + engineName + ".changes";
  }

  void announce(Head head, Set<DocumentKey> changed) {
    JsonArray keys = new JsonArray();
    changed.forEach(
        key -> keys.add(new JsonObject().put("kind", key.kind().wireName()).put("key", key.key())));
    vertx
        .eventBus()
        .publish(
            address,
            new JsonObject()
                .put("epoch", head.epoch())
                .put("revision", head.revision())
                .put("changed", keys),
            LOCAL);
  }
}
