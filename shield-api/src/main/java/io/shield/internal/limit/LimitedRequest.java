package io.shield.internal.limit;

import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * A request to be charged, and who sends it. What it says stays the same: it is asked again
 * whenever something of the request is charged, given back or told, which is why nothing of it is
 * copied into the {@link Charge}.
 */
public interface LimitedRequest extends LimitCaller {
  /** The cost that each policy names. */
  int FIXED_COST = -1;

  /** The template of the route it ends in. */
  String template();

  /** Its method. */
  HttpMethod method();

  /** What applies to it. */
  RouteLimits limits();

  /** What it takes from each limit, at least 0, or {@link #FIXED_COST}. */
  default int cost() {
    return FIXED_COST;
  }

  /**
   * What it was charged before it was sent on to this route, or null; no policy in it is charged
   * again.
   */
  default @Nullable Charge earlier() {
    return null;
  }

  /** Routes on its way that say themselves how they are charged, the last first, or null. */
  default @Nullable Passed passed() {
    return null;
  }
}
