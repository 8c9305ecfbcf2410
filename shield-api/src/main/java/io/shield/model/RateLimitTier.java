package io.shield.model;

import io.shield.internal.value.Checks;

/**
 * A limit of its own for callers of one plan.
 *
 * @param name the plan's name
 * @param limit a limit string, see {@link RateLimit#parse}
 */
public record RateLimitTier(String name, String limit) {
  public RateLimitTier {
    Checks.nonEmptyLine("tiers.name", name, 100);
    RateLimit.parse("tiers.limit", limit);
  }
}
