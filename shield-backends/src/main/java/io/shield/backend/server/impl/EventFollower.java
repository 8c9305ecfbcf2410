package io.shield.backend.server.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.ShieldException;
import io.shield.internal.value.Backoff;
import io.shield.json.ShieldJson;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.spi.CommitListener;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.RecordParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a server's stream of events, for ever: whatever its end, it is opened again after a pause
 * that grows. Confined to one context.
 */
final class EventFollower {
  private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
  private static final long MIN_PAUSE_MILLIS = 200;
  private static final long MAX_PAUSE_MILLIS = 3_000;

  /** A stream that lasted so long was a good one. */
  private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** So many keepalives may be late. */
  private static final double PATIENCE = 2.5;

  private static final long DEFAULT_KEEPALIVE_MILLIS = 15_000;

  /** How long an event may take that a keepalive has overtaken. */
  private static final long LATE_MILLIS = 500;

  private static final int MAX_LINE = 64 * 1024 * 1024;

  private final Vertx vertx;
  private final ServerLink link;
  private final OriginalServer original;
  private final CommitListener listener;
  private final Promise<Void> opened = Promise.promise();
  private @Nullable HttpClientResponse stream;
  private Head last = Head.NONE;
  private boolean live;
  private boolean closed;
  private final Backoff backoff =
      new Backoff(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS, new SplittableRandom());
  private long keepaliveMillis = DEFAULT_KEEPALIVE_MILLIS;
  private long heardNanos;
  private long openedNanos;
  private long watch = -1;
  private final StringBuilder data = new StringBuilder();

  EventFollower(Vertx vertx, ServerLink link, OriginalServer original, CommitListener listener) {
    this.vertx = vertx;
    this.link = link;
    this.original = original;
    this.listener = listener;
  }

  /** Succeeds with the first stream; fails if that cannot be opened, and then does no more. */
  Future<Void> start() {
    connect()
        .onFailure(
            failure -> {
              closed = true;
              opened.tryFail(failure);
            });
    return opened.future();
  }

  /** What the stream told last; without a head if there is none now. */
  Head head() {
    return live ? last : Head.NONE;
  }

  /** Whether a stream is open. */
  boolean isConnected() {
    return stream != null;
  }

  private Future<Void> connect() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "text/event-stream");
    headers.put("Cache-Control", "no-cache");
    if (!last.equals(Head.NONE)) {
      headers.put("Last-Event-ID", last.epoch() + ":" + last.revision());
    }
    return link.open("/api/sdk/events", headers).compose(this::begin);
  }

  private Future<Void> begin(HttpClientResponse response) {
    if (closed) {
      response.request().reset();
      return Future.succeededFuture();
    }
    if (response.statusCode() != 200) {
      return refused(response);
    }
    link.welcome();
    stream = response;
    openedNanos = System.nanoTime();
    heardNanos = openedNanos;
    data.setLength(0);
    RecordParser lines = RecordParser.newDelimited("\n", line -> line(response, line));
    lines.maxRecordSize(MAX_LINE);
    response.handler(
        bytes -> {
          heardNanos = System.nanoTime();
          lines.handle(bytes);
        });
    response.endHandler(v -> over(response, "the server ended the stream"));
    response.exceptionHandler(e -> over(response, String.valueOf(e.getMessage())));
    watch = vertx.setPeriodic(500, timer -> listen(response));
    if (original.isPresent()) {
      begun(false); // It says nothing at the beginning.
    }
    response.resume();
    return Future.succeededFuture();
  }

  private Future<Void> refused(HttpClientResponse response) {
    int status = response.statusCode();
    link.noteRetryAfter(response);
    response.request().reset();
    String problem = "the stream was answered with status " + status;
    if (status == 401 && link.signsIn()) {
      link.forgetToken();
    } else if (status == 401 || status == 403) {
      link.refused(problem);
    }
    return Future.failedFuture(new StoreUnreachableException(problem, null));
  }

  /** A stream that is silent for too long is no stream, whatever the network says. */
  private void listen(HttpClientResponse response) {
    long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
    if (silent > keepaliveMillis * PATIENCE) {
      over(response, "the server was silent for " + silent + " ms");
    }
  }

  private void over(HttpClientResponse response, String reason) {
    if (stream != response) {
      return;
    }
    stream = null;
    live = false;
    vertx.cancelTimer(watch);
    response.request().reset();
    if (closed) {
      return;
    }
    LOG.debug("The stream of {} is over: {}", link.url(), reason);
    if (System.nanoTime() - openedNanos > GOOD_NANOS) {
      backoff.reset();
    }
    if (!opened.future().isComplete()) {
      closed = true;
      opened.fail(new StoreUnreachableException(reason, null));
      return;
    }
    again();
  }

  private void again() {
    if (closed) {
      return;
    }
    vertx.setTimer(
        Math.max(backoff.next(), link.pauseMillis()),
        timer -> {
          if (!closed) {
            connect()
                .onFailure(
                    failure -> {
                      LOG.debug("The stream cannot be opened: {}", failure.getMessage());
                      again();
                    });
          }
        });
  }

  private void line(HttpClientResponse response, Buffer bytes) {
    if (stream != response || closed) {
      return;
    }
    String line = bytes.toString();
    if (line.endsWith("\r")) {
      line = line.substring(0, line.length() - 1);
    }
    if (line.isEmpty()) {
      dispatch(response);
    } else if (line.startsWith(":")) {
      comment(line.substring(1).strip());
    } else if (line.startsWith("data:")) {
      if (data.length() > 0) {
        data.append('\n');
      }
      data.append(line, line.startsWith("data: ") ? 6 : 5, line.length());
    }
  }

  private void dispatch(HttpClientResponse response) {
    String text = data.toString();
    data.setLength(0);
    if (text.isEmpty()) {
      return;
    }
    try {
      event(ShieldJson.parse("event", text));
    } catch (ShieldException | IllegalArgumentException e) {
      LOG.warn("An event cannot be read, everything is loaded again: {}", e.getMessage());
      last = Head.NONE;
      over(response, "an event cannot be read");
      listener.outdated();
    }
  }

  private void event(JsonNode event) {
    switch (event.path("type").asText()) {
      case "hello" -> hello(event);
      case "delta" -> delta(Delta.read(event));
      case "reload" -> {
        last = head(event);
        listener.outdated();
      }
      default -> {
        Commit commit = original.isPresent() ? original.event(event) : null;
        if (commit != null) {
          tell(commit);
        }
      }
    }
  }

  private void begun(boolean resumed) {
    if (opened.future().isComplete() && !resumed) {
      listener.outdated();
    }
    opened.tryComplete();
  }

  private static Head head(JsonNode event) {
    return new Head(
        event.path("epoch").asText(),
        event.path("revision").asLong(),
        event.path("commit_id").asText());
  }

  private void hello(JsonNode event) {
    Head head = head(event);
    keepaliveMillis = event.path("keepalive_millis").asLong(DEFAULT_KEEPALIVE_MILLIS);
    boolean resumed = event.path("resumed").asBoolean() && head.equals(last);
    last = head;
    live = true;
    original.setPresent(false);
    begun(resumed);
  }

  private void delta(Delta delta) {
    boolean follows = delta.from().equals(last);
    last = delta.to();
    List<Commit> commits = follows ? delta.commits() : null;
    if (commits == null) {
      listener.outdated();
    } else {
      commits.forEach(this::tell);
    }
  }

  /** A listener that throws must not end the stream. */
  private void tell(Commit commit) {
    try {
      listener.committed(commit);
    } catch (RuntimeException e) {
      LOG.warn("A listener failed on {}", commit.head(), e);
    }
  }

  /** A keepalive names the revision that the server enforces: the events until there must come. */
  private void comment(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 3 || !parts[0].equals("keepalive") || !live) {
      return;
    }
    try {
      long revision = Long.parseLong(parts[1]);
      boolean behind = !parts[2].equals(last.epoch()) || revision > last.revision();
      if (behind) {
        vertx.setTimer(LATE_MILLIS, timer -> reloadIfBehind(parts[2], revision));
      }
    } catch (NumberFormatException notOurs) {
      LOG.debug("A keepalive of another kind: {}", text);
    }
  }

  private void reloadIfBehind(String epoch, long revision) {
    boolean behind = !epoch.equals(last.epoch()) || revision > last.revision();
    if (!closed && live && behind) {
      listener.outdated();
    }
  }

  Future<Void> close() {
    closed = true;
    HttpClientResponse open = stream;
    stream = null;
    live = false;
    if (open != null) {
      vertx.cancelTimer(watch);
      open.request().reset();
    }
    return Future.succeededFuture();
  }
}
