package io.shield.web;

import io.shield.decision.Decision;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * Answers a refused request in the application's own way: any status, HTML, a redirect, at once or
 * later.
 */
@FunctionalInterface
public interface RefusalResponder {
  /**
   * Answers the request. Called on the request's context.
   *
   * @return completes when the response was ended. If it fails, or if this method throws, before a
   *     response was begun, the standard refusal is sent.
   */
  Future<?> respond(RoutingContext ctx, Decision.Refusal refusal);
}
