package io.shield.backend.cluster.impl;

import io.shield.model.store.Head;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other members where the log is. Anybody can send such messages, and any may be lost:
 * they say where to look.
 */
final class Bus {
  /** What is heard. */
  interface Ear {
    /**
     * The log is at a head.
     *
     * @param text of the entry that brought it there, or null
     */
    void heard(Head head, @Nullable String text);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

  /** A longer entry is read from the log. */
  private static final int LONGEST_ENTRY = 64 * 1024;

  private static final int FORMAT = 1;

  private final EventBus bus;
  private final String address;
  private final MessageConsumer<Object> consumer;

  private Bus(EventBus bus, String address, Ear ear) {
    this.bus = bus;
    this.address = address;
    this.consumer = bus.consumer(address, message -> receive(message.body(), ear));
  }

  /**
   * Succeeds when the others know that this member listens. Called on the context to be told on.
   */
  static Future<Bus> open(Vertx vertx, String name, long limitMillis, Ear ear) {
    Bus bus = new Bus(vertx.eventBus(), "shield." + name + ".changes", ear);
    return bus.consumer.completion().timeout(limitMillis, TimeUnit.MILLISECONDS).map(bus);
  }

  /** What the engine says to this process on the same address has no format. */
  private static void receive(@Nullable Object body, Ear ear) {
    try {
      if (body instanceof JsonObject json && json.getInteger("format", 0) == FORMAT) {
        Head head =
            new Head(
                json.getString("epoch"), json.getLong("revision"), json.getString("commit_id"));
        ear.heard(head, json.getString("entry"));
      }
    } catch (RuntimeException e) {
      LOG.warn("A message on the event bus is not understood: {}", e.getMessage());
    }
  }

  /** Tells everybody of an entry. */
  void tell(Entry entry, @Nullable String predecessor) {
    Head head = entry.head();
    JsonObject message =
        new JsonObject()
            .put("format", FORMAT)
            .put("epoch", head.epoch())
            .put("revision", head.revision())
            .put("commit_id", head.commitId());
    if (predecessor != null) {
      message.put("predecessor", predecessor);
    }
    if (isShort(entry.text())) {
      message.put("entry", entry.text());
    }
    bus.publish(address, message);
  }

  private static boolean isShort(String text) {
    return text.length() <= LONGEST_ENTRY
        && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ENTRY;
  }

  Future<Void> close() {
    return consumer.unregister();
  }
}
