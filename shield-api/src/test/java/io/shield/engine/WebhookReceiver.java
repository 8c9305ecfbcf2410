package io.shield.engine;

import io.shield.json.ShieldJson;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Receives webhooks on a free port of the loopback. */
final class WebhookReceiver {
  final List<Received> received = new CopyOnWriteArrayList<>();

  /** Headers to answer with. */
  final Map<String, String> headers = new ConcurrentHashMap<>();

  private final HttpServer server;
  private volatile IntFunction<Integer> status = number -> 204;

  /** Requests are answered when this is complete. */
  private volatile Future<Void> held = Future.succeededFuture();

  /** A request. */
  record Received(MultiMap headers, String body) {
    com.fasterxml.jackson.databind.JsonNode json() {
      return ShieldJson.parse("body", body);
    }

    String id() {
      return headers.get("webhook-id");
    }

    /** As the JDK's client has them. */
    HttpHeaders httpHeaders() {
      return HttpHeaders.of(
          headers.names().stream().collect(Collectors.toMap(n -> n, headers::getAll)),
          (name, value) -> true);
    }
  }

  WebhookReceiver(Vertx vertx) {
    server =
        EngineTest.await(
            vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              received.add(new Received(request.headers(), body.toString()));
              headers.forEach(request.response()::putHeader);
              int answer = status.apply(received.size());
              held.onComplete(v -> request.response().setStatusCode(answer).end());
            });
  }

  /** What it answers, by the number of the request from 1 on. */
  WebhookReceiver answers(IntFunction<Integer> statuses) {
    status = statuses;
    return this;
  }

  /** From now on requests wait for an answer until what is returned is complete. */
  Promise<Void> holds() {
    Promise<Void> released = Promise.promise();
    held = released.future();
    return released;
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/hook?a=b";
  }
}
