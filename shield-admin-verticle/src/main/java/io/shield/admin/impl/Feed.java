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
  private final Backlog backlog;
  private final Set<EventStream> streams = new LinkedHashSet<>();

  /** A copy of the streams: what waits for its turn shares it. Null when it is to be made. */
  private @Nullable List<EventStream> copy;

  /** How often something is still to be told to all streams. */
  private int rounds;

  /** Whether something was left out, since too much waits: that is still to be told. */
  private boolean outrun;

  /** What the streams were told of last, and how far the store is. */
  private Head told;

  private Head head;

  /**
   * @param mayLook whether a stream may be told more; it is ended if not
   * @param turns of the context of the hub
   * @param backlog of all feeds of the hub
   */
  Feed(
      EventFormat format, Head head, Predicate<EventStream> mayLook, Turns turns, Backlog backlog) {
    this.format = format;
    this.turns = turns;
    this.backlog = backlog;
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

  /** Notes how far the store is: nothing of a change is told at once. */
  void follow(ShieldChange change) {
    head = change.after().head();
    if (!told.epoch().equals(head.epoch())) {
      told = change.before().head();
    }
  }

  void tell(Applied applied, Instant now) {
    follow(applied.change());
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

  /** Changes that come faster than streams can be told of them are not told one by one. */
  private void send(List<Buffer> events) {
    Head reached = head;
    told = reached;
    outrun |= backlog.isFull();
    if (!outrun) {
      forEach(events, stream -> stream.send(events, reached));
    } else if (rounds == 0) {
      sendOutrun();
    }
  }

  /** Who reads everything anew needs not know what was left out. */
  private void sendOutrun() {
    Head reached = head;
    told = reached;
    outrun = false;
    List<Buffer> events = format.outrun(reached);
    if (events.isEmpty()) {
      forEach(events, EventStream::cut);
    } else {
      forEach(events, stream -> stream.send(events, reached));
    }
  }

  /** Whom something waits for is not silent. */
  void keepAlive(Head serverHead) {
    if (rounds == 0) {
      Buffer comment = format.keepalive(serverHead);
      forEach(List.of(comment), stream -> stream.keepAlive(comment));
    }
  }

  private void forEach(List<Buffer> events, Consumer<EventStream> tell) {
    List<EventStream> all = copy == null ? List.copyOf(streams) : copy;
    copy = all;
    long bytes = backlog.add(events);
    rounds++;
    turns.forEach(all, stream -> tell(stream, tell), () -> told(bytes));
  }

  private void told(long bytes) {
    backlog.remove(bytes);
    rounds--;
    if (rounds == 0 && outrun) {
      sendOutrun();
    }
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
