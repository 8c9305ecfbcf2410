package io.shield.model;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit of one route and method.
 *
 * @param path the route's path or, on a Shield Server, its key
 * @param method the upper-case HTTP method
 * @param limit a limit string, see {@link RateLimit#parse}
 * @param algorithm how it counts
 * @param keyStrategy whose requests are counted together
 * @param onMissingKey what happens to requests without a key; null for the strategy's default
 * @param burst added to the capacity, 0 to 1000000000
 * @param tiers limits for callers of certain plans, at most 100
 * @param tierResolver the name of the caller's attribute that holds the plan
 * @param exemptIps addresses or CIDR blocks that are never limited
 * @param exemptRoles roles whose holders are never limited
 */
public record RateLimitPolicy(
    String path,
    String method,
    String limit,
    RateLimitAlgorithm algorithm,
    KeyStrategy keyStrategy,
    @Nullable OnMissingKey onMissingKey,
    int burst,
    List<RateLimitTier> tiers,
    String tierResolver,
    List<String> exemptIps,
    List<String> exemptRoles)
    implements DocumentValue {
  /** The largest burst. */
  public static final int MAX_BURST = 1_000_000_000;

  /** The original's name for the attribute that holds the plan. */
  public static final String DEFAULT_TIER_RESOLVER = "plan";

  public RateLimitPolicy {
    Checks.nonEmptyLine("path", path, RouteKey.MAX_LENGTH);
    RouteKey.parse(path);
    Objects.requireNonNull(method, "method");
    RouteKey.of(method, "/");
    RateLimit.parse("limit", limit);
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(keyStrategy, "key_strategy");
    Checks.range("burst", burst, 0, MAX_BURST);
    tiers = List.copyOf(tiers);
    Checks.range("tiers", tiers.size(), 0, 100);
    Set<String> names = new HashSet<>();
    for (RateLimitTier tier : tiers) {
      if (!names.add(tier.name())) {
        throw new InvalidValueException("tiers.name", tier.name(), "listed once");
      }
    }
    Checks.nonEmptyLine("tier_resolver", tierResolver, 100);
    exemptIps = Checks.names("exempt_ips", exemptIps, 1000, 200);
    exemptRoles = Checks.names("exempt_roles", exemptRoles, 1000, 200);
  }

  /** A policy with the original's defaults. */
  public static RateLimitPolicy of(String method, String path, String limit) {
    return new RateLimitPolicy(
        path,
        method,
        limit,
        RateLimitAlgorithm.FIXED_WINDOW,
        KeyStrategy.IP,
        null,
        0,
        List.of(),
        DEFAULT_TIER_RESOLVER,
        List.of(),
        List.of());
  }

  /** The key it is stored under: {@code GET:/payments}. */
  public String key() {
    return method + ":" + path;
  }
}
