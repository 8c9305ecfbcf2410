package io.shield.admin.impl;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/** Reads the bodies of requests that were let in. Whatever a client calls it, a body is text. */
final class Bodies {
  private static final String LIMIT = "io.shield.admin.body-limit";
  private static final long MAX = 64 * 1024;

  /** All routes of a service are registered in one request. */
  private static final long MAX_OF_SERVICES = 1024 * 1024;

  /** Of whoever need not sign in, which is to say who does. */
  private static final long MAX_PUBLIC = 8 * 1024;

  /** Of all that is configured at once. */
  private static final long MAX_DOCUMENT = 1 << 20;

  private static final BodyHandler DOCUMENT = BodyHandler.create(false).setBodyLimit(MAX_DOCUMENT);
  private static final BodyHandler LARGE = BodyHandler.create(false).setBodyLimit(MAX);
  private static final BodyHandler OF_SERVICES =
      BodyHandler.create(false).setBodyLimit(MAX_OF_SERVICES);
  private static final BodyHandler SMALL = BodyHandler.create(false).setBodyLimit(MAX_PUBLIC);

  private Bodies() {}

  /**
   * Reads the body and goes on with the next handler, or to the failure handler if it is too large.
   */
  static void read(RoutingContext ctx, boolean signedIn) {
    // No form is parsed.
    ctx.request().headers().remove(HttpHeaders.CONTENT_TYPE);
    if (!signedIn) {
      read(ctx, SMALL, MAX_PUBLIC);
    } else if (isOfServices(ctx)) {
      read(ctx, OF_SERVICES, MAX_OF_SERVICES);
    } else if (DeclaredApi.APPLY.equals(ctx.currentRoute().getPath())) {
      read(ctx, DOCUMENT, MAX_DOCUMENT);
    } else {
      read(ctx, LARGE, MAX);
    }
  }

  private static boolean isOfServices(RoutingContext ctx) {
    String path = ctx.currentRoute().getPath();
    return path != null && path.startsWith("/api/sdk/");
  }

  private static void read(RoutingContext ctx, BodyHandler handler, long limit) {
    ctx.put(LIMIT, limit);
    handler.handle(ctx);
  }

  /** How many bytes the body of a request may have. */
  static long limit(RoutingContext ctx) {
    return ctx.get(LIMIT, MAX);
  }
}
