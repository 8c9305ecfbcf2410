package io.shield.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit of the whole fleet or of one service.
 *
 * @param limit a limit string, see {@link RateLimit#parse}
 * @param algorithm how it counts
 * @param keyStrategy whose requests are counted together
 * @param onMissingKey what happens to requests without a key; null for the strategy's default
 * @param burst added to the capacity, 0 to 1000000000
 * @param exemptRoutes bare paths or route keys it does not apply to, at most 1000
 * @param enabled whether it is in force
 */
public record GlobalRateLimitPolicy(
    String limit,
    RateLimitAlgorithm algorithm,
    KeyStrategy keyStrategy,
    @Nullable OnMissingKey onMissingKey,
    int burst,
    List<String> exemptRoutes,
    boolean enabled)
    implements DocumentValue {
  public GlobalRateLimitPolicy {
    RateLimit.parse("limit", limit);
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(keyStrategy, "key_strategy");
    Checks.range("burst", burst, 0, RateLimitPolicy.MAX_BURST);
    exemptRoutes = Checks.names("exempt_routes", exemptRoutes, 1000, RouteKey.MAX_LENGTH);
  }

  /** A policy in force with the original's defaults. */
  public static GlobalRateLimitPolicy of(String limit) {
    return new GlobalRateLimitPolicy(
        limit, RateLimitAlgorithm.FIXED_WINDOW, KeyStrategy.IP, null, 0, List.of(), true);
  }
}
