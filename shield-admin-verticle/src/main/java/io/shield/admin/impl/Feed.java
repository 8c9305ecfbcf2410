package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.admin.stream.Turns;
import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The streams that are told the same. An event is written as text once for all of them. Confined to
 * the context of its hub.
 */
final class Feed {
  private final EventFormat format;
  private final Turns turns;
  private final Predicate<EventStream> mayLook;
  private final Set<EventStream> streams = new LinkedHashSet<>();

  /** A copy of the streams: what waits for its turn shares it. Null when it is to be made. */
  private @Nullable List<EventStream> copy;

  /** What the streams were told of last, and how far the store is. */
  private Head told;

  private Head head;

  /**
   * @param mayLook whether a stream may be told more; it is ended if not
   * @param turns of the context of the hub
   */
  Feed(EventFormat format, Head head, Predicate<EventStream> mayLook, Turns turns) {
    this.format = format;
    this.turns = turns;
    this.mayLook = mayLook;
    this.told = head;
    this.head = head;
  }

  EventFormat format() {
    return format;
  }

  void add(EventStream stream) {
    catchUp();
    streams.add(stream);
    copy = null;
  }

  /** Tells whether it was the last. */
  boolean remove(EventStream stream) {
    streams.remove(stream);
    copy = null;
    return streams.isEmpty();
  }

  void tell(Applied applied, Instant now) {
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
    Head reached = head;
    told = reached;
    forEach(stream -> stream.send(events, reached));
  }

  void keepAlive(Head serverHead) {
    Buffer comment = format.keepalive(serverHead);
    forEach(stream -> stream.keepAlive(comment));
  }

  private void forEach(Consumer<EventStream> tell) {
    List<EventStream> all = copy == null ? List.copyOf(streams) : copy;
    copy = all;
    turns.forEach(all, stream -> tell(stream, tell));
  }

  private void tell(EventStream stream, Consumer<EventStream> tell) {
    if (mayLook.test(stream)) {
      tell.accept(stream);
    } else {
      stream.end();
    }
  }

  /** The streams, to be looked at. */
  Set<EventStream> streams() {
    return streams;
  }
}
