package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The streams that are told the same. An event is written as text once for all of them. Confined to
 * the context of its hub.
 */
final class Feed {
  /** Streams are told a few at a time: the requests of the same event loop are served between. */
  private static final int AT_ONCE = 64;

  /** More is not kept for later. */
  private static final int MOST_UNTOLD = 4_000;

  private final EventFormat format;
  private final Consumer<Runnable> later;
  private final Deque<Runnable> untold = new ArrayDeque<>();
  private boolean telling;
  private final Predicate<EventStream> mayLook;
  private final Set<EventStream> streams = new LinkedHashSet<>();

  /** What the streams were told of last, and how far the store is. */
  private Head told;

  private Head head;

  /**
   * @param mayLook whether a stream may be told more; it is ended if not
   * @param later does something soon on the context of the hub
   */
  Feed(EventFormat format, Head head, Predicate<EventStream> mayLook, Consumer<Runnable> later) {
    this.format = format;
    this.later = later;
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
  }

  /** Tells whether it was the last. */
  boolean remove(EventStream stream) {
    streams.remove(stream);
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
    List<EventStream> all = List.copyOf(streams);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<EventStream> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      untold.add(() -> some.forEach(stream -> tell(stream, tell)));
    }
    if (!telling) {
      telling = true;
      goOn();
    }
  }

  private void tell(EventStream stream, Consumer<EventStream> tell) {
    if (mayLook.test(stream)) {
      tell.accept(stream);
    } else {
      stream.end();
    }
  }

  /** Tells the next ones, and the others when what came meanwhile was served. */
  private void goOn() {
    try {
      for (int due = Math.max(1, untold.size() - MOST_UNTOLD); due > 0; due--) {
        Runnable next = untold.poll();
        if (next != null) {
          next.run();
        }
      }
    } finally {
      telling = !untold.isEmpty();
      if (telling) {
        later.accept(this::goOn);
      }
    }
  }

  /** The streams, to be looked at. */
  Set<EventStream> streams() {
    return streams;
  }
}
