package io.shield.internal.limit;

import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * A request to be charged.
 *
 * @param template the template of the route it ends in
 * @param method its method
 * @param limits what applies to it
 * @param caller who sends it
 * @param cost what it takes from each limit, at least 0, or {@link #FIXED_COST}
 * @param earlier what it was charged before it was sent on to this route, or null; no policy in it
 *     is charged again
 * @param passed routes on its way that say themselves how they are charged, the last first, or null
 */
public record LimitedRequest(
    String template,
    HttpMethod method,
    RouteLimits limits,
    LimitCaller caller,
    int cost,
    @Nullable Charge earlier,
    @Nullable Passed passed) {
  /** The cost that each policy names. */
  public static final int FIXED_COST = -1;

  /** A request that was not charged before. */
  public LimitedRequest(
      String template, HttpMethod method, RouteLimits limits, LimitCaller caller, int cost) {
    this(template, method, limits, caller, cost, null, null);
  }
}
