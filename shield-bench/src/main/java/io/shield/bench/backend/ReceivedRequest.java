package io.shield.bench.backend;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.lang.ref.Reference;

/** A request that a real server has received, for another path. */
public final class ReceivedRequest extends HttpServerRequestWrapper {
  private final String path;

  ReceivedRequest(HttpServerRequestInternal received, String path) {
    super(received);
    this.path = path;
  }

  /** Sends one over the loopback and leaves it unanswered. */
  public static HttpServerRequestInternal receive(Vertx vertx) {
    Promise<HttpServerRequest> request = Promise.promise();
    HttpClient client = vertx.createHttpClient();
    Future<?> sent =
        vertx
            .createHttpServer()
            .requestHandler(request::tryComplete)
            .listen(0, "127.0.0.1")
            .compose(
                server -> client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/"))
            .compose(HttpClientRequest::send);
    sent.onFailure(request::tryFail);
    try {
      return (HttpServerRequestInternal) Engine.get(request.future());
    } finally {
      // Vert.x closes a client that nothing refers to.
      Reference.reachabilityFence(client);
    }
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String uri() {
    return path;
  }
}
