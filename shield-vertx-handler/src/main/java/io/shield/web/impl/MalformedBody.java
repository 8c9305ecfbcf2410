package io.shield.web.impl;

import io.shield.internal.BrokenBody;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Bodies in chunks that are none. Vert.x's body handler fails their requests, and those of clients
 * that are gone, with the status 200 and, where nobody handles that, an error in the log.
 */
final class MalformedBody {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private MalformedBody() {}

  /** Answers what no failure handler of a router does. */
  static void answerOn(Router router) {
    router.errorHandler(
        OK,
        ctx -> {
          HttpServerResponse response = ctx.response();
          if (!response.ended() && !response.closed()) {
            response.setStatusCode(BAD_REQUEST).end();
          }
        });
  }

  /** Watches a request whose body comes in chunks; others take no more than a look at a header. */
  static void watch(RoutingContext ctx) {
    if (ctx.request().headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      BrokenBody.watch(ctx.request());
      ctx.addHeadersEndHandler(begun -> correct(ctx));
    }
  }

  /** A failure handler takes the status of the failure. */
  private static void correct(RoutingContext ctx) {
    boolean failed = ctx.failed() && ctx.statusCode() == OK;
    if (failed && ctx.response().getStatusCode() == OK) {
      ctx.response().setStatusCode(BAD_REQUEST);
    }
  }
}
