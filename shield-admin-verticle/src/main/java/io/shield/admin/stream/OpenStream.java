package io.shield.admin.stream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of server-sent events. What the connection does not take at once waits here:
 * what has been handed to the connection cannot be taken back, not even by closing it. Confined to
 * the context of its request.
 */
public final class OpenStream {
  /** What these streams are made of. */
  public static final String MEDIA_TYPE = "text/event-stream";

  /** How much the connection holds before events wait here. */
  private static final int CONNECTION_BYTES = 16 * 1024;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context context;
  private final Streams all;
  private final Audience audience;
  private final @Nullable Follower follower;
  private final Promise<Void> gone = Promise.promise();
  private @Nullable Deque<Buffer> later;

  /** How much waits; written by one thread only. */
  private volatile long waiting;

  private volatile long condemned;
  private boolean over;
  private boolean left;

  OpenStream(RoutingContext ctx, Streams all, Audience audience, @Nullable Follower follower) {
    this.request = ctx.request();
    this.response = ctx.response();
    this.context = ctx.vertx().getOrCreateContext();
    this.all = all;
    this.audience = audience;
    this.follower = follower;
  }

  void begin() {
    response.endHandler(v -> leave());
    response.closeHandler(v -> leave());
    response.exceptionHandler(e -> leave());
    response.setWriteQueueMaxSize(CONNECTION_BYTES);
    response.drainHandler(v -> goOn());
    response
        .putHeader("Content-Type", MEDIA_TYPE)
        // A proxy that gathers what it passes on would keep changes back.
        .putHeader("X-Accel-Buffering", "no")
        .setChunked(true);
  }

  private void leave() {
    if (!left) {
      left = true;
      forget();
      all.left(this, audience, follower);
      gone.complete();
    }
  }

  /** Nothing more is written. */
  private void forget() {
    over = true;
    later = null;
    waits(-waiting);
    all.release(-condemned);
    condemned = 0;
  }

  private void waits(long bytes) {
    long now = waiting + bytes;
    waiting = now;
    all.queue(bytes);
  }

  /** Succeeds when the client has gone, on the context of the request. */
  public Future<Void> gone() {
    return gone.future();
  }

  /**
   * Writes events, one write each; a client that is too far behind is cut instead.
   *
   * @return whether they are on their way
   */
  public boolean write(List<Buffer> events) {
    if (isOver()) {
      return false;
    }
    if (waiting > audience.mostWaitingBytes) {
      all.countCut();
      cut();
      return false;
    }
    for (Buffer event : events) {
      write(event);
    }
    if (waiting > 0) {
      all.relieve();
    }
    return true;
  }

  private boolean isOver() {
    return over || response.ended() || response.closed();
  }

  private void write(Buffer event) {
    if (later == null && !response.writeQueueFull()) {
      response.write(event);
      return;
    }
    if (later == null) {
      later = new ArrayDeque<>();
    }
    later.add(event);
    waits(event.length());
  }

  /** The connection takes more again. */
  private void goOn() {
    while (later != null && !isOver() && !response.writeQueueFull()) {
      Buffer next = later.poll();
      if (next == null) {
        later = null;
      } else {
        waits(-next.length());
        response.write(next);
      }
    }
  }

  /** How many bytes wait. Thread-safe. */
  long waiting() {
    return waiting;
  }

  /** Cuts it soon, to free what waits on it. Thread-safe; called by one thread at a time. */
  void condemn() {
    long bytes = waiting;
    if (condemned == 0 && bytes > 0) {
      condemned = bytes;
      all.release(bytes);
      all.countCut();
      context.runOnContext(v -> cut());
    }
  }

  /** The client notices that something went wrong, comes again and reads everything anew. */
  public void cut() {
    if (isOver()) {
      return;
    }
    forget();
    if (request.version() == HttpVersion.HTTP_2) {
      response.reset();
    } else {
      request.connection().close();
    }
  }

  /** The end as the protocol has it. */
  public void end() {
    if (!isOver()) {
      forget();
      response.end();
    }
  }
}
