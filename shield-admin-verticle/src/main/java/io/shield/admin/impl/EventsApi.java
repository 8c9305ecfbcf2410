package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.Registration;
import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.internal.gate.Gates;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;

/** The stream of changes for people's tools, as server-sent events. */
final class EventsApi {
  private static final String MEDIA_TYPE = "text/event-stream";
  private static final long KEEPALIVE_MILLIS = 15_000;

  /** A client that is further behind is sent away: it comes again, and reads what is true then. */
  private static final int MAX_WAITING_BYTES = 1024 * 1024;

  private final ShieldEngine engine;
  private final Gates gates;
  private final InstantSource clock;
  private final Authenticator authenticator;

  EventsApi(ShieldEngine engine, Gates gates, InstantSource clock, Authenticator authenticator) {
    this.engine = engine;
    this.gates = gates;
    this.clock = clock;
    this.authenticator = authenticator;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/events", Access.VIEWER, this::stream));
  }

  /** Answers when the client has gone, which nobody hears any more. */
  private Future<Answer> stream(Call call) {
    if (call.ctx().request().method().equals(HttpMethod.HEAD)) {
      return Answer.text(200, MEDIA_TYPE, "").now();
    }
    Stream stream = new Stream(call.ctx());
    stream.open();
    return stream.gone.future();
  }

  private static String id(Head head) {
    return head.epoch() + ":" + head.revision();
  }

  /** One client's stream. Confined to the context of its request. */
  private final class Stream {
    private final RoutingContext ctx;
    private final HttpServerResponse response;
    private final Promise<Answer> gone = Promise.promise();
    private final Registration changes;
    private final Head first;
    private final long keepalive;

    Stream(RoutingContext ctx) {
      this.ctx = ctx;
      response = ctx.response();
      changes = engine.onChange(this::tell);
      first = engine.snapshot().head();
      keepalive = ctx.vertx().setPeriodic(KEEPALIVE_MILLIS, timer -> stayOpen());
    }

    void open() {
      response.endHandler(v -> forget());
      response.closeHandler(v -> forget());
      response.exceptionHandler(e -> forget());
      response.setWriteQueueMaxSize(MAX_WAITING_BYTES);
      response.putHeader("Content-Type", MEDIA_TYPE).setChunked(true);
      String seen = ctx.request().getHeader("Last-Event-ID");
      send(first, ChangeEvents.hello(first, id(first).equals(seen)));
    }

    /** What was in force when the stream began is no news. */
    private void tell(ShieldChange change) {
      Head head = change.after().head();
      if (head.epoch().equals(first.epoch()) && head.revision() <= first.revision()) {
        return;
      }
      ChangeEvents.of(change, gates, clock.instant()).forEach(event -> send(head, event));
    }

    private void send(Head head, ObjectNode event) {
      write("id: " + id(head) + "\ndata: " + ShieldJson.text(event) + "\n\n");
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

    /** Who may no longer look, or at a closed engine, sees no more. */
    private void stayOpen() {
      if (engine.store().status().condition() == Store.Status.Condition.CLOSED) {
        end();
        return;
      }
      authenticator
          .authenticate(ctx, Access.VIEWER)
          .onSuccess(who -> write(": keepalive\n\n"))
          .onFailure(refused -> end());
    }

    private void end() {
      if (!response.ended() && !response.closed()) {
        response.end();
      }
    }

    private void forget() {
      ctx.vertx().cancelTimer(keepalive);
      changes.close();
      gone.tryComplete(Answer.ok());
    }
  }
}
