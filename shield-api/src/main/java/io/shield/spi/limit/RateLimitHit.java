package io.shield.spi.limit;

import io.shield.internal.value.Checks;
import io.shield.model.RateLimitPolicy.LimitScope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Refusals of one key by one limit.
 *
 * @param id its id
 * @param timestamp the first refusal
 * @param path the route's path
 * @param method the request's method
 * @param key the counter's key
 * @param limit the limit string that refused
 * @param tier the tier it came from, or null
 * @param resetAt when the key is free again
 * @param count how many refusals are grouped, at least 1
 * @param lastHitAt the last refusal, or null when there was one only
 * @param shadow whether the limit only counted, and the requests passed
 * @param scope whose limit it was, or null where that was not noted
 */
public record RateLimitHit(
    String id,
    Instant timestamp,
    String path,
    String method,
    String key,
    String limit,
    @Nullable String tier,
    Instant resetAt,
    long count,
    @Nullable Instant lastHitAt,
    boolean shadow,
    @Nullable LimitScope scope) {
  public RateLimitHit {
    Checks.nonEmptyLine("id", id, 100);
    Checks.time("timestamp", timestamp);
    Checks.line("path", path, 2048);
    Checks.line("method", method, 100);
    Checks.line("key", key, 2048);
    Checks.line("limit", limit, 200);
    Checks.optionalLine("tier", tier, 100);
    Checks.time("reset_at", resetAt);
    Checks.atLeast("count", count, 1);
    Checks.optionalTime("last_hit_at", lastHitAt);
  }

  /** Refusals by a limit that is enforced, of nobody knows whom. */
  public RateLimitHit(
      String id,
      Instant timestamp,
      String path,
      String method,
      String key,
      String limit,
      @Nullable String tier,
      Instant resetAt,
      long count,
      @Nullable Instant lastHitAt) {
    this(id, timestamp, path, method, key, limit, tier, resetAt, count, lastHitAt, false, null);
  }
}
