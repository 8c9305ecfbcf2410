package io.shield.admin.dashboard.impl;

import io.shield.Registration;
import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.Visitor;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private static final String MEDIA_TYPE = "text/event-stream";
  private static final long GATHER_MILLIS = 200;

  /** The least time between two changes that make browsers read their pages again. */
  private static final long AGAIN_MILLIS = 1_500;

  private static final long ALIVE_MILLIS = 4_000;
  private static final int MAX_STREAMS = 500;
  private static final int MAX_STREAMS_PER_TOKEN = 24;

  /** A browser that is further behind is sent away: it comes again and reads the page anew. */
  private static final int MAX_WAITING_BYTES = 64 * 1024;

  private final ShieldEngine engine;
  private final AdminAccess api;
  private final LiveEvents events;
  private final Context context;
  private final Set<Stream> streams = new LinkedHashSet<>();
  private final Map<String, Integer> perToken = new HashMap<>();
  private LiveBatch batch = new LiveBatch();
  private boolean gathering;
  private long againNanos = System.nanoTime();
  private @Nullable Registration changes;
  private long timer;
  private Store.Status store;

  LiveFeed(ShieldEngine engine, AdminAccess api, LiveEvents events) {
    this.engine = engine;
    this.api = api;
    this.events = events;
    this.context = engine.vertx().getOrCreateContext();
    this.store = engine.store().status();
  }

  /** Opens the stream of a page. */
  void open(RoutingContext ctx, Visitor visitor, LiveEvents.Scope scope, String seen) {
    Context own = engine.vertx().getOrCreateContext();
    Stream stream = new Stream(ctx, own, visitor, scope);
    context.runOnContext(v -> join(stream, seen));
  }

  private void join(Stream stream, String seen) {
    int open = perToken.getOrDefault(stream.name, 0);
    if (streams.size() >= MAX_STREAMS || open >= stream.most) {
      stream.refuse();
      return;
    }
    perToken.put(stream.name, open + 1);
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
    perToken.computeIfPresent(stream.name, (name, open) -> open == 1 ? null : open - 1);
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
        .onSuccess(
            texts -> {
              for (Stream stream : List.copyOf(streams)) {
                stream.send(texts.getOrDefault(stream.scope, ""));
              }
            })
        .onFailure(failure -> LOG.error("Open dashboards were not told of a change", failure));
  }

  /** Tells browsers that they are connected, and how the store is doing if that changed. */
  private void alive() {
    Store.Status now = engine.store().status();
    boolean changed =
        now.condition() != store.condition()
            || !String.valueOf(now.warning()).equals(String.valueOf(store.warning()));
    store = now;
    for (Stream stream : List.copyOf(streams)) {
      stream.send(events.alive(stream.scope, changed));
    }
  }

  /** One browser. What touches the response runs on the context of its request. */
  private final class Stream {
    private final RoutingContext ctx;
    private final Context own;
    private final String name;
    private final int most;
    private final LiveEvents.Scope scope;
    private final HttpServerResponse response;

    Stream(RoutingContext ctx, Context own, Visitor visitor, LiveEvents.Scope scope) {
      this.ctx = ctx;
      this.own = own;
      String token = visitor.tokenId();
      this.name = token == null ? "" : token;
      this.most = token == null ? MAX_STREAMS : MAX_STREAMS_PER_TOKEN;
      this.scope = scope;
      this.response = ctx.response();
      response.endHandler(v -> gone());
      response.closeHandler(v -> gone());
      response.exceptionHandler(e -> gone());
    }

    private void gone() {
      context.runOnContext(v -> leave(this));
    }

    void refuse() {
      own.runOnContext(v -> ctx.response().setStatusCode(503).putHeader("Retry-After", "30").end());
    }

    void begin(String first) {
      own.runOnContext(
          v -> {
            if (response.closed()) {
              gone();
              return;
            }
            response.setWriteQueueMaxSize(MAX_WAITING_BYTES);
            response.putHeader("Content-Type", MEDIA_TYPE).putHeader("X-Accel-Buffering", "no");
            response.setChunked(true);
            write(first);
          });
    }

    /** Who may no longer look, or at a closed engine, sees no more. */
    void send(String text) {
      if (text.isEmpty()) {
        return;
      }
      own.runOnContext(
          v ->
              api.visitor(ctx).onSuccess(visitor -> sendTo(visitor, text)).onFailure(e -> end("")));
    }

    private void sendTo(@Nullable Visitor visitor, String text) {
      if (visitor == null) {
        end(events.signedOut());
      } else if (engine.store().status().condition() == Store.Status.Condition.CLOSED) {
        end("");
      } else {
        write(text);
      }
    }

    private void write(String text) {
      if (response.ended() || response.closed()) {
        return;
      }
      if (response.writeQueueFull()) {
        response.reset();
      } else {
        response.write(text);
      }
    }

    private void end(String last) {
      if (!response.ended() && !response.closed()) {
        response.end(last);
      }
    }
  }
}
