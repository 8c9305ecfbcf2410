package io.shield.internal.limit;

import io.vertx.core.http.HttpMethod;

/**
 * A request to be charged.
 *
 * @param template the template of the route it ends in
 * @param method its method
 * @param limits what applies to it
 * @param caller who sends it
 * @param cost what it takes from each limit, at least 0, or {@link #FIXED_COST}
 */
public record LimitedRequest(
    String template, HttpMethod method, RouteLimits limits, LimitCaller caller, int cost) {
  /** The cost that each policy names. */
  public static final int FIXED_COST = -1;
}
