package io.shield.internal;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Answers whoever sends a body in chunks that are none. Vert.x tells the request of it and closes
 * the connection, and what was written to it is lost unless it was sent at once.
 */
public final class BrokenBody {
  private static final int BAD_REQUEST = 400;

  private BrokenBody() {}

  /** Watches a request whose body comes in chunks; others take no more than a look at a header. */
  public static void watch(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING) && !request.isEnded()) {
      request.end().onFailure(why -> answer(request, why));
    }
  }

  private static void answer(HttpServerRequest request, Throwable why) {
    if (why instanceof HttpClosedException) {
      return;
    }
    HttpServerResponse response = request.response();
    if (!response.headWritten() && !response.ended()) {
      response.setStatusCode(BAD_REQUEST).end();
    }
    // Sends what is written before it closes.
    request.connection().close();
  }
}
