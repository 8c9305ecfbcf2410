package io.shield.admin.dashboard.impl;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.ShieldEngine.Registration;
import io.shield.Store;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.Visitor;
import io.shield.admin.stream.Audience;
import io.shield.admin.stream.Follower;
import io.shield.admin.stream.OpenStream;
import io.shield.admin.stream.Streams;
import io.shield.admin.stream.Turns;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages what changed. Changes are gathered for a moment, so that however many there are,
 * a browser is told a few times a second. Confined to one context; listens to the engine only while
 * somebody looks.
 */
final class LiveFeed {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
  private static final long GATHER_MILLIS = 200;

  /** The least time between two changes that make browsers read their pages again. */
  private static final long AGAIN_MILLIS = 1_500;

  private static final long ALIVE_MILLIS = 4_000;

  private final ShieldEngine engine;
  private final AdminAccess api;
  private final Streams open;
  private final LiveEvents events;
  private final Context context;
  private final Set<Stream> streams = new LinkedHashSet<>();
  private LiveBatch batch = new LiveBatch();
  private boolean gathering;

  /** How many event loops are still telling their browsers. */
  private int telling;

  private long againNanos = System.nanoTime();
  private @Nullable Registration changes;
  private long timer;
  private Store.Status store;

  LiveFeed(ShieldEngine engine, AdminAccess api, Streams open, LiveEvents events) {
    this.engine = engine;
    this.api = api;
    this.open = open;
    this.events = events;
    this.context = engine.vertx().getOrCreateContext();
    this.store = engine.store().status();
  }

  /** Opens the stream of a page. */
  void open(RoutingContext ctx, Visitor visitor, LiveEvents.Scope scope, String seen) {
    String token = visitor.tokenId();
    Follower follower = token == null ? null : new Follower(token, visitor.name());
    OpenStream out = open.open(ctx, Audience.PEOPLE, follower);
    if (out == null) {
      long seconds = Streams.COME_AGAIN.toSeconds();
      ctx.response().setStatusCode(429).putHeader("Retry-After", Long.toString(seconds)).end();
      return;
    }
    ContextInternal own = ((VertxInternal) engine.vertx()).getOrCreateContext().unwrap();
    Stream stream = new Stream(ctx, own, out, scope);
    out.gone().onComplete(v -> context.runOnContext(w -> leave(stream)));
    context.runOnContext(v -> join(stream, seen));
  }

  private void join(Stream stream, String seen) {
    streams.add(stream);
    if (changes == null) {
      changes = engine.onChange(this::changed);
      timer = engine.vertx().setPeriodic(ALIVE_MILLIS, id -> alive());
    }
    stream.begin(events.hello(stream.scope, seen));
  }

  private void leave(Stream stream) {
    if (!streams.remove(stream)) {
      return;
    }
    Registration listening = changes;
    if (streams.isEmpty() && listening != null) {
      listening.close();
      changes = null;
      engine.vertx().cancelTimer(timer);
    }
  }

  private void changed(ShieldChange change) {
    batch.add(change);
    if (!gathering) {
      gathering = true;
      long since = (System.nanoTime() - againNanos) / 1_000_000;
      long wait = Math.max(GATHER_MILLIS, AGAIN_MILLIS - since);
      engine.vertx().setTimer(wait, id -> tell());
    }
  }

  /** Thousands of routes take milliseconds to look at: that is a worker's. */
  private void tell() {
    if (telling > 0) {
      engine.vertx().setTimer(GATHER_MILLIS, id -> tell());
      return;
    }
    gathering = false;
    LiveBatch gathered = batch;
    batch = new LiveBatch();
    if (gathered.everyRoute() || gathered.limits()) {
      againNanos = System.nanoTime();
    }
    Set<LiveEvents.Scope> scopes = new LinkedHashSet<>();
    streams.forEach(stream -> scopes.add(stream.scope));
    context
        .executeBlocking(() -> events.texts(gathered, scopes))
        .onSuccess(texts -> send(scope -> texts.getOrDefault(scope, "")))
        .onFailure(failure -> LOG.error("Open dashboards were not told of a change", failure));
  }

  /** Tells browsers that they are connected, and how the store is doing if that changed. */
  private void alive() {
    if (telling > 0) {
      return; // Who is told something sees that it is connected.
    }
    Store.Status now = engine.store().status();
    boolean changed =
        now.condition() != store.condition()
            || !String.valueOf(now.warning()).equals(String.valueOf(store.warning()));
    store = now;
    send(scope -> events.alive(scope, changed));
  }

  /** Sends each stream the text for what it shows, on the event loops of their requests. */
  private void send(Function<LiveEvents.Scope, String> texts) {
    streams.stream()
        .collect(Collectors.groupingBy(stream -> stream.own))
        .forEach(
            (own, some) -> {
              telling++;
              own.runOnContext(v -> send(own, some, texts));
            });
  }

  private void send(
      ContextInternal own, List<Stream> some, Function<LiveEvents.Scope, String> texts) {
    Turns.of(own)
        .forEach(
            some,
            stream -> stream.send(texts.apply(stream.scope)),
            () -> context.runOnContext(v -> telling--));
  }

  /** One browser. What touches its stream runs on the context of its request. */
  private final class Stream {
    private final RoutingContext ctx;
    private final ContextInternal own;
    private final OpenStream out;
    private final LiveEvents.Scope scope;

    Stream(RoutingContext ctx, ContextInternal own, OpenStream out, LiveEvents.Scope scope) {
      this.ctx = ctx;
      this.own = own;
      this.out = out;
      this.scope = scope;
    }

    void begin(String first) {
      own.runOnContext(v -> write(first));
    }

    /** Who may no longer look, or at a closed engine, sees no more. On the stream's context. */
    void send(String text) {
      if (text.isEmpty()) {
        return;
      }
      if (!api.mayStillLook(ctx)) {
        write(events.signedOut());
        out.end();
      } else if (engine.store().status().condition() == Store.Status.Condition.CLOSED) {
        out.end();
      } else {
        write(text);
      }
    }

    private void write(String text) {
      out.write(List.of(Buffer.buffer(text)));
    }
  }
}
