package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.internal.EngineInternals.AppliedChange;
import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams that are told the same. An event is written as text once for all of them. Confined to
 * the context of its hub.
 */
final class Feed {
  private final EventFormat format;
  private final Set<EventStream> streams = new HashSet<>();

  /** What the streams were told of last, and how far the store is. */
  private Head told;

  private Head head;

  Feed(EventFormat format, Head head) {
    this.format = format;
    this.told = head;
    this.head = head;
  }

  EventFormat format() {
    return format;
  }

  void add(EventStream stream) {
    catchUp();
    streams.add(stream);
  }

  /** Tells whether it was the last. */
  boolean remove(EventStream stream) {
    streams.remove(stream);
    return streams.isEmpty();
  }

  void tell(AppliedChange applied, Instant now) {
    ShieldChange change = applied.change();
    head = change.after().head();
    if (!told.epoch().equals(head.epoch())) {
      told = change.before().head();
    }
    List<Buffer> events = format.events(told, applied, now);
    if (!events.isEmpty()) {
      send(events);
    }
  }

  /** Tells that the store went on, if the streams were told nothing of it. */
  void catchUp() {
    if (!told.equals(head)) {
      send(format.passed(told, head));
    }
  }

  private void send(List<Buffer> events) {
    told = head;
    for (EventStream stream : List.copyOf(streams)) {
      stream.send(events, head);
    }
  }

  void keepAlive(Head serverHead) {
    Buffer comment = format.keepalive(serverHead);
    for (EventStream stream : List.copyOf(streams)) {
      stream.keepAlive(comment);
    }
  }

  /** The streams, to be looked at. */
  Set<EventStream> streams() {
    return streams;
  }
}
