package io.shield.web.impl;

import io.shield.internal.BrokenBody;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The body of a refused HTTP/1.1 request that is still to come. Nobody wants it, and the next
 * request of the connection stands behind it: so the connection is closed, which the answer says.
 * Not at once: what a client sends to a closed connection takes the answer away from it (RFC 9112,
 * section 9.6).
 */
final class UnreadBody {
  /** How much is read before the connection is closed, in bytes. */
  static final int MOST = 1 << 20;

  /** How long is waited for it. */
  static final long LONGEST_MILLIS = 2000;

  private final HttpServerRequest request;
  private boolean closing;
  private long read;

  private UnreadBody(HttpServerRequest request) {
    this.request = request;
  }

  /** Whether a request has a body of which more may come. */
  static boolean isAwaited(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_1_1 || request.isEnded()) {
      return false;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null
        ? request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        : !length.equals("0");
  }

  /** Whether its client sends no body before it is told to go on. */
  static boolean isHeldBack(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.EXPECT, "100-continue", true);
  }

  /** Lets the answer close the connection if the body has not come until the answer begins. */
  static void closeBehindAnswer(RoutingContext ctx) {
    new UnreadBody(ctx.request()).watch(ctx);
  }

  private void watch(RoutingContext ctx) {
    ctx.addHeadersEndHandler(
        begun -> {
          if (!request.isEnded()) {
            ctx.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            closing = true;
          }
        });
    ctx.addEndHandler(
        ended -> {
          if (closing) {
            skip(ctx.vertx());
          }
        });
  }

  private void skip(Vertx vertx) {
    if (request.isEnded()) {
      close();
      return;
    }
    long timer = vertx.setTimer(LONGEST_MILLIS, late -> close());
    request.exceptionHandler(gone -> vertx.cancelTimer(timer));
    request.endHandler(
        ended -> {
          vertx.cancelTimer(timer);
          close();
        });
    request.handler(
        part -> {
          read += part.length();
          if (read > MOST) {
            vertx.cancelTimer(timer);
            close();
          }
        });
    request.resume();
  }

  private void close() {
    request.connection().close();
  }

  /**
   * Bodies in chunks that are none. Vert.x's body handler fails their requests, and those of
   * clients that are gone, with the status 200 and, where nobody handles that, an error in the log.
   */
  static final class MalformedBody {
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

    /**
     * Watches a request whose body comes in chunks; others take no more than a look at a header.
     */
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
}
