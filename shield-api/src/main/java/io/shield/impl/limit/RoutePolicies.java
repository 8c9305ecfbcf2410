package io.shield.impl.limit;

import io.shield.error.InvalidValueException;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.value.Parameters;
import io.shield.model.DocumentValue;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the policies of a route in a store, however its parameters are spelt. */
public final class RoutePolicies {
  private RoutePolicies() {}

  /** The policies of routes that are meant. */
  public static List<RateLimitPolicy> of(Snapshot snapshot, Predicate<RateLimitPolicy> meant) {
    return snapshot.policies().values().stream()
        .map(Versioned::value)
        .filter(RateLimitPolicy.class::isInstance)
        .map(RateLimitPolicy.class::cast)
        .filter(meant)
        .toList();
  }

  /**
   * The policy of a route and method that is in force, however its key is spelt; null if none is
   * stored.
   */
  public static @Nullable RateLimitPolicy inForce(Snapshot snapshot, String policyKey) {
    RateLimitPolicy own = spelt(snapshot, policyKey);
    String other = own == null ? ofService(policyKey) : null;
    return other == null ? own : spelt(snapshot, other);
  }

  /** Whether two keys name the policy of one route and method. */
  public static boolean isSameKey(String one, String other) {
    String wanted = Parameters.colons(one);
    String colons = Parameters.colons(other);
    return colons.equals(wanted) || wanted.equals(ofService(colons));
  }

  /**
   * The other key of a service's policy: its code's is {@code GET:shop:/pay}, and one by the key of
   * the route {@code GET:shop:GET:/pay}. Null if there is none.
   */
  private static @Nullable String ofService(String policyKey) {
    int colon = policyKey.indexOf(':') + 1;
    String method = policyKey.substring(0, Math.max(0, colon - 1));
    RouteKey route;
    try {
      route = RouteKey.parse(policyKey.substring(colon));
      if (route.service() == null || method.equals(RateLimitPolicy.ALL_METHODS)) {
        return null;
      }
      if (route.method() == null) {
        return policyKey.substring(0, colon) + route.withMethod(method);
      }
    } catch (InvalidValueException noKey) {
      return null; // of somebody who asks for whatever comes to mind
    }
    return method.equals(route.method())
        ? policyKey.substring(0, colon) + route.withMethod(null)
        : null;
  }

  private static @Nullable RateLimitPolicy spelt(Snapshot snapshot, String policyKey) {
    String wanted = Parameters.colons(policyKey);
    if (Parameters.braces(wanted).equals(wanted)) {
      // As most are: without a look at all others.
      Versioned<DocumentValue> stored = snapshot.policies().get(policyKey);
      return stored != null && stored.value() instanceof RateLimitPolicy policy ? policy : null;
    }
    return RateLimiting.inForce(snapshot).stream()
        .filter(policy -> Parameters.colons(policy.key()).equals(wanted))
        .findFirst()
        .orElse(null);
  }

  /** Whether two paths are one, however their parameters are spelt. */
  public static boolean isSamePath(RouteKey one, RouteKey other) {
    return Parameters.colons(one.path()).equals(Parameters.colons(other.path()));
  }

  /**
   * Those that limit a method: its own, else those of {@code GET} for {@code HEAD}, else of all.
   *
   * @param policies all of one path
   * @param method the method, or null for all
   */
  public static List<RateLimitPolicy> ofMethod(
      List<RateLimitPolicy> policies, @Nullable String method) {
    if (method == null) {
      return policies;
    }
    List<String> names =
        method.equals("HEAD")
            ? List.of(method, "GET", RateLimitPolicy.ALL_METHODS)
            : List.of(method, RateLimitPolicy.ALL_METHODS);
    return names.stream()
        .map(name -> policies.stream().filter(policy -> policy.method().equals(name)).toList())
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }
}
