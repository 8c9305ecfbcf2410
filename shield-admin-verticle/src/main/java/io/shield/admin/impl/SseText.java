package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.ThreadLocalRandom;

/** Server-sent events as text. */
final class SseText {
  /** Some clients take no larger one. */
  static final int MAX_EVENT_BYTES = 60_000;

  private static final int MIN_RETRY_MILLIS = 1_000;
  private static final int MAX_RETRY_MILLIS = 4_000;

  private SseText() {}

  static String id(Head head) {
    return head.epoch() + ":" + head.revision();
  }

  static Buffer event(Head head, JsonNode data) {
    return Buffer.buffer("id: " + id(head) + "\ndata: " + ShieldJson.text(data) + "\n\n");
  }

  /**
   * The first event. It says when to come again, in its own block, as several clients would take a
   * block of its own for an empty event; at random, as all come again after a server's end.
   */
  static Buffer hello(Head head, JsonNode data) {
    int retry = ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS);
    return Buffer.buffer("retry: " + retry + "\n").appendBuffer(event(head, data));
  }

  /** Without a blank line, which several clients would take for an event. */
  static Buffer comment(String text) {
    return Buffer.buffer(": " + text + "\n");
  }
}
