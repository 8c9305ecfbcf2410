package io.shield.admin.impl;

import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;

/** In what form the clients of one feed hear of changes: server-sent events, one buffer each. */
interface EventFormat {
  /**
   * The events of a change; none if it does not concern these clients.
   *
   * @param from what the clients were told of last
   */
  List<Buffer> events(Head from, Applied applied, Instant now);

  /**
   * Tells that the store went on without anything that concerns these clients; none if they need
   * not know.
   */
  List<Buffer> passed(Head from, Head to);

  /** Tells to read everything anew; none if these clients do so only when they are cut. */
  List<Buffer> outrun(Head head);

  /** The first event of a stream. */
  Buffer hello(Head head, boolean resumed);

  /** What is written from time to time, so that a stream is never silent. */
  Buffer keepalive(Head head);
}
