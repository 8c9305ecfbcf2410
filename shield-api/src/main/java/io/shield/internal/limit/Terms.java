package io.shield.internal.limit;

import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.KeyStrategy;
import io.shield.model.OnMissingKey;
import io.shield.model.OnStoreFailure;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.spi.limit.LimitRule;
import java.util.List;

/** What the policies of routes and the wide ones have in common. */
record Terms(
    String limit,
    RateLimitAlgorithm algorithm,
    KeyStrategy keyStrategy,
    OnMissingKey onMissingKey,
    int burst,
    List<RateLimitTier> tiers,
    String tierResolver,
    List<String> exemptIps,
    List<String> exemptRoles,
    boolean shadow,
    int maxConcurrent,
    int cost,
    OnStoreFailure onStoreFailure,
    boolean lease) {

  static Terms of(RateLimitPolicy policy) {
    return new Terms(
        policy.limit(),
        policy.algorithm(),
        policy.keyStrategy(),
        policy.onMissingKey() == null
            ? policy.keyStrategy().defaultOnMissingKey()
            : policy.onMissingKey(),
        policy.burst(),
        policy.tiers(),
        policy.tierResolver(),
        policy.exemptIps(),
        policy.exemptRoles(),
        policy.shadow(),
        policy.maxConcurrent(),
        policy.cost(),
        policy.onStoreFailure(),
        policy.lease() && !policy.shadow());
  }

  static Terms of(GlobalRateLimitPolicy policy) {
    return new Terms(
        policy.limit(),
        policy.algorithm(),
        policy.keyStrategy(),
        policy.onMissingKey() == null
            ? policy.keyStrategy().defaultOnMissingKey()
            : policy.onMissingKey(),
        policy.burst(),
        List.of(),
        RateLimitPolicy.DEFAULT_TIER_RESOLVER,
        List.of(),
        List.of(),
        policy.shadow(),
        policy.maxConcurrent(),
        policy.cost(),
        policy.onStoreFailure(),
        policy.lease() && !policy.shadow());
  }

  LimitRule rule(RateLimit limit) {
    return new LimitRule(algorithm, limit, burst);
  }

  /** Makes all rules, so that one that cannot be counted is found. */
  void check() {
    RateLimit.parse("limit", limit).forEach(this::rule);
    for (RateLimitTier tier : tiers) {
      RateLimit.parse("tiers.limit", tier.limit()).forEach(this::rule);
    }
  }
}
