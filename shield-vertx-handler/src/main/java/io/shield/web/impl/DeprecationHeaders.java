package io.shield.web.impl;

import io.shield.decision.Deprecation;
import io.shield.json.Times;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;

/**
 * Tells clients of a deprecated route: {@code Deprecation} (RFC 9745), {@code Sunset} (RFC 8594)
 * and {@code Link} with {@code rel="successor-version"} (RFC 5829). Written last, so that a link of
 * the application's own stays.
 */
final class DeprecationHeaders {
  private static final String KEY = "io.shield.deprecation";

  private DeprecationHeaders() {}

  /** The notice of the route that is judged last is the one that is sent. */
  static void announce(RoutingContext ctx, Deprecation deprecation) {
    Integer earlier = ctx.get(KEY);
    if (earlier != null) {
      // Without effect after a reroute, which takes all such handlers away.
      ctx.removeHeadersEndHandler(earlier);
    }
    ctx.put(KEY, ctx.addHeadersEndHandler(v -> write(ctx.response().headers(), deprecation)));
  }

  private static void write(MultiMap headers, Deprecation deprecation) {
    headers.set("Deprecation", "@" + deprecation.since().getEpochSecond());
    if (deprecation.sunset() != null) {
      headers.set("Sunset", Times.httpDate(deprecation.sunset()));
    }
    String successor = deprecation.successor();
    if (successor != null) {
      headers.add("Link", "<" + successor + ">; rel=\"successor-version\"");
    }
  }
}
