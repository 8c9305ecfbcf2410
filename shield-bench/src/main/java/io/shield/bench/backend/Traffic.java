package io.shield.bench.backend;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;

/** Requests to each of a router's ten routes in turn, whose handlers only count. */
final class Traffic {
  static final int ROUTES = 10;

  private final byte[][] paths = new byte[ROUTES][];
  private final Router router;
  private final HttpServerRequestInternal received;
  private int next;
  private int served;

  /** Adds the routes to a router and checks that each is reached. */
  Traffic(Vertx vertx, Router router) {
    this.router = router;
    this.received = ReceivedRequest.receive(vertx);
    for (int i = 0; i < ROUTES; i++) {
      String path = "/v1/resource" + i + "/items";
      paths[i] = path.getBytes(StandardCharsets.ISO_8859_1);
      router.route(HttpMethod.GET, path).handler(ctx -> served++);
    }
    for (int i = 1; i <= ROUTES; i++) {
      if (request() != i) {
        throw new IllegalStateException("a request was not served");
      }
    }
  }

  /** Makes the next request; the number of those served so far. */
  int request() {
    byte[] path = paths[next];
    next = next + 1 == ROUTES ? 0 : next + 1;
    router.handle(new ReceivedRequest(received, new String(path, StandardCharsets.ISO_8859_1)));
    return served;
  }

  int served() {
    return served;
  }
}
