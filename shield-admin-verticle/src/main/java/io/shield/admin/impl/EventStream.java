package io.shield.admin.impl;

import io.shield.model.store.Head;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** One client's stream. Confined to the context of its request. */
final class EventStream {
  /** A client that is further behind is sent away: it comes again, and reads what is true then. */
  private static final int MAX_WAITING_BYTES = 1024 * 1024;

  private final HttpServerResponse response;
  private final Promise<Answer> gone = Promise.promise();
  private final StreamClient client;
  private final StreamHub hub;

  EventStream(RoutingContext ctx, StreamClient client, StreamHub hub) {
    this.response = ctx.response();
    this.client = client;
    this.hub = hub;
  }

  StreamClient client() {
    return client;
  }

  /** Completes when the client has gone. */
  Promise<Answer> gone() {
    return gone;
  }

  void open() {
    response.endHandler(v -> forget());
    response.closeHandler(v -> forget());
    response.exceptionHandler(e -> forget());
    response.setWriteQueueMaxSize(MAX_WAITING_BYTES);
    response
        .putHeader("Content-Type", SseText.MEDIA_TYPE)
        // A proxy that gathers what it passes on would keep changes back.
        .putHeader("X-Accel-Buffering", "no")
        .setChunked(true);
  }

  private boolean isOver() {
    return response.ended() || response.closed();
  }

  void send(List<Buffer> events, Head head) {
    if (isOver() || !hub.mayGoOn(this)) {
      return;
    }
    if (response.writeQueueFull()) {
      hub.countCut(this);
      cut();
      return;
    }
    events.forEach(response::write);
    client.told(head);
  }

  void keepAlive(Buffer comment) {
    send(List.of(comment), client.head());
  }

  /** The client notices that something went wrong, comes again and reads everything anew. */
  void cut() {
    if (!isOver()) {
      response.reset();
    }
  }

  /** The end as the protocol has it. */
  void end() {
    if (!isOver()) {
      response.end();
    }
  }

  private void forget() {
    hub.remove(this);
    gone.tryComplete(Answer.ok());
  }
}
