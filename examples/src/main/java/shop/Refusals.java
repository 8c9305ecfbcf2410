package shop;

import io.shield.decision.Decision.RateLimited;
import io.shield.decision.Decision.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;

/** Refusals in the shop's own words. */
final class Refusals {
  private Refusals() {}

  /** Maintenance goes where all of the shop's errors go, see {@link #page}. */
  static Future<Void> asError(RoutingContext ctx, Refusal refusal) {
    Promise<Void> answered = Promise.promise();
    ctx.addEndHandler(end -> answered.complete());
    ctx.put("reason", refusal.reason()).fail(503);
    return answered.future();
  }

  /** What the router's error handler answers. */
  static void page(RoutingContext ctx) {
    ctx.response()
        .setStatusCode(503)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .end("The shop is closed: " + ctx.get("reason"));
  }

  /** For rate limits. */
  static Future<Void> tooMany(RoutingContext ctx, Refusal refusal) {
    RateLimited limited = (RateLimited) refusal;
    long seconds = Duration.between(Instant.now(), limited.resetAt()).toSeconds() + 1;
    ctx.response().setStatusCode(429).putHeader("Retry-After", Long.toString(seconds));
    return ctx.json(new JsonObject().put("sorry", "at most " + limited.limit()));
  }

  /** For the stream of prices, whose clients come back by themselves. */
  static Future<Void> tryLater(RoutingContext ctx, Refusal refusal) {
    return ctx.response().setStatusCode(204).end();
  }
}
