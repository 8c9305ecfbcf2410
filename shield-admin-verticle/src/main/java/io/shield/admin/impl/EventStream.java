package io.shield.admin.impl;

import io.shield.admin.stream.OpenStream;
import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A client's stream, and what it was told. Confined to the context of its request. */
final class EventStream {
  private final OpenStream out;
  private final StreamClient client;

  EventStream(OpenStream out, StreamClient client) {
    this.out = out;
    this.client = client;
  }

  StreamClient client() {
    return client;
  }

  void send(List<Buffer> events, Head head) {
    if (out.write(events)) {
      client.told(head);
    }
  }

  void keepAlive(Buffer comment) {
    send(List.of(comment), client.head());
  }

  /** The client notices that something went wrong, comes again and reads everything anew. */
  void cut() {
    out.cut();
  }

  /**
   * Ends it. The original's SDK would come again at once after a clean end, without reading what it
   * missed.
   */
  void end() {
    if (client.kind() == StreamClient.Kind.PEOPLE) {
      out.end();
    } else {
      out.cut();
    }
  }
}
