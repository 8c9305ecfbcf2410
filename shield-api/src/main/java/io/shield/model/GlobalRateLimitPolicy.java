package io.shield.model;

import io.shield.internal.value.Checks;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit of the whole fleet or of one service. The last five fields are Shield's own; JSON
 * without them has their defaults.
 *
 * @param limit a limit string, see {@link RateLimit#parse}
 * @param algorithm how it counts
 * @param keyStrategy whose requests are counted together
 * @param onMissingKey what happens to requests without a key; null for the strategy's default
 * @param burst added to the capacity, 0 to 1000000000
 * @param exemptRoutes bare paths or route keys it does not apply to, at most 1000
 * @param enabled whether it is in force
 * @param shadow whether it only counts what it would refuse, and lets it pass
 * @param maxConcurrent how many requests of one key may be under way at the same time, 0 for any
 *     number, at most 1000000
 * @param cost what one request takes from the limit, at least 1 and at most its capacity
 * @param onStoreFailure what it does while the store that counts cannot be reached
 * @param lease whether a process takes a share of a shared counter ahead and counts it by itself
 */
public record GlobalRateLimitPolicy(
    String limit,
    RateLimitAlgorithm algorithm,
    KeyStrategy keyStrategy,
    @Nullable OnMissingKey onMissingKey,
    int burst,
    List<String> exemptRoutes,
    boolean enabled,
    boolean shadow,
    int maxConcurrent,
    int cost,
    OnStoreFailure onStoreFailure,
    boolean lease)
    implements DocumentValue {
  public GlobalRateLimitPolicy {
    RateLimit.parse("limit", limit);
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(keyStrategy, "key_strategy");
    Checks.range("burst", burst, 0, RateLimitPolicy.MAX_BURST);
    exemptRoutes = Checks.names("exempt_routes", exemptRoutes, 1000, RouteKey.MAX_LENGTH);
    Checks.range("max_concurrent", maxConcurrent, 0, RateLimitPolicy.MAX_CONCURRENT);
    RateLimitPolicy.checkCost(cost, limit, burst);
    Objects.requireNonNull(onStoreFailure, "on_store_failure");
  }

  /** A policy that takes nothing ahead, and counts for itself while a store cannot be reached. */
  public GlobalRateLimitPolicy(
      String limit,
      RateLimitAlgorithm algorithm,
      KeyStrategy keyStrategy,
      @Nullable OnMissingKey onMissingKey,
      int burst,
      List<String> exemptRoutes,
      boolean enabled,
      boolean shadow,
      int maxConcurrent,
      int cost) {
    this(
        limit,
        algorithm,
        keyStrategy,
        onMissingKey,
        burst,
        exemptRoutes,
        enabled,
        shadow,
        maxConcurrent,
        cost,
        OnStoreFailure.LOCAL,
        false);
  }

  /** A policy with the original's fields and the defaults of the others. */
  public GlobalRateLimitPolicy(
      String limit,
      RateLimitAlgorithm algorithm,
      KeyStrategy keyStrategy,
      @Nullable OnMissingKey onMissingKey,
      int burst,
      List<String> exemptRoutes,
      boolean enabled) {
    this(limit, algorithm, keyStrategy, onMissingKey, burst, exemptRoutes, enabled, false, 0, 1);
  }

  /** A policy in force with the original's defaults. */
  public static GlobalRateLimitPolicy of(String limit) {
    return new GlobalRateLimitPolicy(
        limit, RateLimitAlgorithm.FIXED_WINDOW, KeyStrategy.IP, null, 0, List.of(), true);
  }

  /** The same policy, in force or paused. */
  public GlobalRateLimitPolicy withEnabled(boolean value) {
    return new GlobalRateLimitPolicy(
        limit,
        algorithm,
        keyStrategy,
        onMissingKey,
        burst,
        exemptRoutes,
        value,
        shadow,
        maxConcurrent,
        cost,
        onStoreFailure,
        lease);
  }
}
