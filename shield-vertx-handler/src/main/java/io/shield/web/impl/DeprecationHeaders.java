package io.shield.web.impl;

import io.shield.decision.Deprecation;
import io.shield.json.Times;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients of a deprecated route: {@code Deprecation} (RFC 9745), {@code Sunset} (RFC 8594)
 * and {@code Link} with {@code rel="successor-version"} (RFC 5829). Written last, so that a link of
 * the application's own stays.
 */
final class DeprecationHeaders {
  private static final String KEY = "io.shield.deprecation";

  private DeprecationHeaders() {}

  static void announce(RoutingContext ctx, Deprecation deprecation) {
    boolean first = ctx.get(KEY) == null;
    ctx.put(KEY, deprecation);
    if (first) {
      ctx.addHeadersEndHandler(v -> write(ctx.response().headers(), ctx.get(KEY)));
    }
  }

  private static void write(MultiMap headers, @Nullable Deprecation deprecation) {
    if (deprecation == null) {
      return;
    }
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
