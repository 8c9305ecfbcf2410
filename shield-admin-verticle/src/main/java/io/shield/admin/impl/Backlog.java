package io.shield.admin.impl;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What the feeds of a hub have still to tell their streams. Confined to the context of the hub. */
final class Backlog {
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  /** What one takes beside its text. */
  private static final long EACH_BYTES = 256;

  private long bytes;

  /** Whether no more is to be added that can be left out. */
  boolean isFull() {
    return bytes > MOST_BYTES;
  }

  /** Something more is to be told; returns what to {@link #remove} when it was. */
  long add(List<Buffer> events) {
    long added = EACH_BYTES;
    for (Buffer event : events) {
      added += EACH_BYTES + event.length();
    }
    bytes += added;
    return added;
  }

  void remove(long told) {
    bytes -= told;
  }
}
