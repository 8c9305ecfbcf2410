package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.admin.stream.Turns;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.AppliedChange;
import io.shield.internal.gate.Gates;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All streams of one context: tells each feed of the changes, and keeps the streams alive. */
final class StreamHub {
  /** How long a feed may wait for the news that there is nothing new for it. */
  private static final long CATCH_UP_MILLIS = 250;

  private record FeedKey(StreamClient.Kind kind, @Nullable String service) {}

  private final Vertx vertx;
  private final Turns turns;
  private final Backlog backlog = new Backlog();
  private final ShieldEngine engine;
  private final Gates gates;
  private final InstantSource clock;
  private final Authenticator authenticator;
  private final long keepaliveMillis;
  private final Set<StreamClient> clients;
  private final Map<FeedKey, Feed> feeds = new HashMap<>();
  private final Runnable changes;
  private final long keepalive;
  private final long catchUp;
  private final Runnable empty;
  private Snapshot snapshot;

  /**
   * @param keepaliveMillis after how long a silent stream gets a comment
   * @param clients all that follow, of this context and others
   * @param empty is run when the last stream has gone and the hub is closed
   */
  StreamHub(
      ContextInternal context,
      ShieldEngine engine,
      EngineInternals internals,
      Authenticator authenticator,
      long keepaliveMillis,
      Set<StreamClient> clients,
      Runnable empty) {
    this.vertx = context.owner();
    this.turns = Turns.of(context);
    this.engine = engine;
    this.gates = internals.gates();
    this.clock = internals.clock();
    this.authenticator = authenticator;
    this.keepaliveMillis = keepaliveMillis;
    this.clients = clients;
    this.empty = empty;
    this.changes = internals.onApplied(engine, this::tell);
    this.snapshot = engine.snapshot();
    this.keepalive = vertx.setPeriodic(keepaliveMillis, timer -> keepAlive());
    this.catchUp = vertx.setPeriodic(CATCH_UP_MILLIS, timer -> all().forEach(Feed::catchUp));
  }

  /** What the streams have been told of, or are told of when they begin. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** A stream begins; it is told all that changes from now on. */
  EventFormat add(EventStream stream) {
    FeedKey key = key(stream.client());
    Feed feed =
        feeds.computeIfAbsent(
            key, k -> new Feed(format(k), snapshot.head(), this::mayLook, turns, backlog));
    feed.add(stream);
    clients.add(stream.client());
    return feed.format();
  }

  private static FeedKey key(StreamClient client) {
    return new FeedKey(client.kind(), client.service());
  }

  private EventFormat format(FeedKey key) {
    ServiceNames names = ServiceNames.of(key.service);
    return switch (key.kind) {
      case PEOPLE -> new PlainEvents(names, gates, null);
      case ORIGINAL -> new PlainEvents(names, gates, Family.SHIELD);
      case WAYGATE -> new PlainEvents(names, gates, Family.WAYGATE);
      case ENGINE -> new CommitEvents(names, keepaliveMillis);
    };
  }

  void remove(EventStream stream) {
    clients.remove(stream.client());
    FeedKey key = key(stream.client());
    Feed feed = feeds.get(key);
    if (feed == null || !feed.remove(stream)) {
      return;
    }
    feeds.remove(key);
    if (feeds.isEmpty()) {
      changes.run();
      vertx.cancelTimer(keepalive);
      vertx.cancelTimer(catchUp);
      empty.run();
    }
  }

  /** What was in force when the hub began is no news. */
  private void tell(AppliedChange told) {
    Applied applied = Applied.of(told);
    ShieldChange change = applied.change();
    Head head = change.after().head();
    Head known = snapshot.head();
    if (head.epoch().equals(known.epoch()) && head.revision() <= known.revision()) {
      return;
    }
    snapshot = change.after();
    ConcernedServices concerned = ConcernedServices.of(applied);
    // Gathered first: a feed goes with its last stream, which may end as it is told something.
    List<Feed> listening = new ArrayList<>();
    feeds.forEach(
        (key, feed) -> {
          if (concerned.mayBe(key.service)) {
            listening.add(feed);
          } else {
            feed.follow(change);
          }
        });
    listening.forEach(feed -> feed.tell(applied, clock.instant()));
  }

  /** A copy: a feed goes with its last stream, which may end as it is told something. */
  private List<Feed> all() {
    return List.copyOf(feeds.values());
  }

  /** Who looks at a closed engine sees no more. */
  private void keepAlive() {
    boolean closed = engine.store().status().condition() == Store.Status.Condition.CLOSED;
    Head head = engine.snapshot().head();
    for (Feed feed : all()) {
      if (closed) {
        Set<EventStream> streams = new HashSet<>(feed.streams());
        streams.forEach(EventStream::cut);
      } else {
        feed.keepAlive(head);
      }
    }
  }

  /** Who signed out, whose token ended or was revoked, sees no more. */
  private boolean mayLook(EventStream stream) {
    return authenticator.stands(stream.client().principal(), clock.instant());
  }
}
