package shop;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** What goes on as long as the client likes. What is open stays open when its route closes. */
final class Live {
  private static final int MILLIS = 1000;

  private Live() {}

  /** A stream of server-sent events. */
  static void prices(RoutingContext ctx) {
    HttpServerResponse response = ctx.response().setChunked(true);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
    response.write("data: 42\n\n");
    long timer = ctx.vertx().setPeriodic(MILLIS, tick -> response.write("data: 42\n\n"));
    ctx.addEndHandler(ended -> ctx.vertx().cancelTimer(timer));
  }

  /** A WebSocket that says what it hears. */
  static void chat(RoutingContext ctx) {
    ctx.request()
        .toWebSocket()
        .onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage));
  }
}
