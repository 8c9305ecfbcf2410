package io.shield.spi.limit;

import io.shield.error.InvalidValueException;
import io.shield.model.RouteKey;
import org.jspecify.annotations.Nullable;

/**
 * Which rate-limit hits to read, newest first.
 *
 * @param route a route's path, or its key to mean one method; null for all routes
 * @param limit how many, 1 to {@link RateLimitStore#MAX_HITS}
 * @param offset how many of the newest to leave out, at least 0
 */
public record HitQuery(@Nullable String route, int limit, int offset) {
  public HitQuery {
    if (route != null) {
      RouteKey.parse(route);
    }
    if (limit < 1 || limit > RateLimitStore.MAX_HITS) {
      throw new InvalidValueException("limit", limit, "between 1 and " + RateLimitStore.MAX_HITS);
    }
    if (offset < 0) {
      throw new InvalidValueException("offset", offset, "at least 0");
    }
  }

  /** The newest hits of all routes. */
  public static HitQuery newest(int limit) {
    return new HitQuery(null, limit, 0);
  }

  /** The same for one route. */
  public HitQuery of(String path) {
    return new HitQuery(path, limit, offset);
  }

  /** Whether a hit is of the route asked for. */
  public boolean matches(RateLimitHit hit) {
    return route == null
        || route.equals(hit.path())
        || route.equals(hit.method() + ":" + hit.path());
  }
}
