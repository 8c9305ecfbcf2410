package io.shield.internal.limit;

import io.shield.model.LimitScope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Hears of every request that a rate limit refused, or would have refused. */
@FunctionalInterface
public interface HitSink {
  /**
   * What was refused.
   *
   * @param path the route's template
   * @param method the request's method
   * @param key the counter's key
   * @param limit the limit string that refused
   * @param tier the tier it came from, or null
   * @param shadow whether the request passed nevertheless
   * @param scope whose limit it was
   */
  record Refused(
      String path,
      String method,
      String key,
      String limit,
      @Nullable String tier,
      boolean shadow,
      LimitScope scope) {}

  /** Notes a refusal. Called on the request path: must not block. */
  void refused(Refused refused, Instant resetAt);
}
