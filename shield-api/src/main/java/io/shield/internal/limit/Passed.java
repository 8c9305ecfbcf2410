package io.shield.internal.limit;

import org.jspecify.annotations.Nullable;

/**
 * A route on the way of a request, whose handlers run before those of the route it ends in, and
 * which says itself by what key its own policies count and what they cost.
 *
 * @param limits what applies to the route
 * @param customKey the key of its policies that count by one, or null
 * @param cost what the request takes from its policies, at least 0, or {@link
 *     LimitedRequest#FIXED_COST}
 * @param before another such route before it, or null
 */
public record Passed(
    RouteLimits limits, @Nullable String customKey, int cost, @Nullable Passed before) {
  /** The one that a policy is of; null if it is of none. */
  static @Nullable Passed of(@Nullable Passed last, String policyKey) {
    Passed passed = last;
    while (passed != null && !passed.limits.owns(policyKey)) {
      passed = passed.before;
    }
    return passed;
  }
}
