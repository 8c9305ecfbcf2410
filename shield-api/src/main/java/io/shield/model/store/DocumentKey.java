package io.shield.model.store;

import io.shield.internal.value.Checks;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of one document in a store.
 *
 * @param kind what it holds
 * @param key its key within the kind: a route key, a policy's key, a reserved path, or a free name
 */
public record DocumentKey(DocumentKind kind, String key) {
  public static final String GLOBAL_MAINTENANCE = "__shield:global__";
  private static final String SERVICE_MAINTENANCE = "__shield:svc_global:";
  private static final String GLOBAL_RATE_LIMIT = "__shield:global_rl__";
  private static final String SERVICE_RATE_LIMIT = "__shield:svc_rl:";
  private static final String END = "__";

  public DocumentKey {
    Objects.requireNonNull(kind, "kind");
    Checks.nonEmptyLine("key", key, 2 * RouteKey.MAX_LENGTH);
  }

  /** A route's state. */
  public static DocumentKey state(String routeKey) {
    return new DocumentKey(DocumentKind.STATE, routeKey);
  }

  /** The maintenance of the whole fleet. */
  public static DocumentKey globalMaintenance() {
    return new DocumentKey(DocumentKind.MAINTENANCE, GLOBAL_MAINTENANCE);
  }

  /** The maintenance of one service. */
  public static DocumentKey serviceMaintenance(String service) {
    return new DocumentKey(
        DocumentKind.MAINTENANCE, serviceMaintenancePath(RouteKey.checkService(service)));
  }

  /** Where the maintenance of a service is kept; of any text, as states of others may name it. */
  public static String serviceMaintenancePath(String service) {
    return SERVICE_MAINTENANCE + service + END;
  }

  /** The rate limit of one route and method, by {@link RateLimitPolicy#key}. */
  public static DocumentKey policy(String policyKey) {
    return new DocumentKey(DocumentKind.POLICY, policyKey);
  }

  /** The rate limit of the whole fleet. */
  public static DocumentKey globalRateLimit() {
    return new DocumentKey(DocumentKind.POLICY, GLOBAL_RATE_LIMIT);
  }

  /** The rate limit of one service. */
  public static DocumentKey serviceRateLimit(String service) {
    return new DocumentKey(
        DocumentKind.POLICY, SERVICE_RATE_LIMIT + RouteKey.checkService(service) + END);
  }

  /** An opaque document. */
  public static DocumentKey document(String name) {
    return new DocumentKey(DocumentKind.DOCUMENT, name);
  }

  /** Whether a policy key names the fleet's or a service's rate limit rather than a route's. */
  public boolean isReserved() {
    return RouteKey.isReserved(key);
  }

  /** Whether the value may be stored under this key. */
  public boolean fits(DocumentValue value) {
    return switch (kind) {
      case STATE -> value instanceof RouteState state && state.path().equals(key) && !isReserved();
      case MAINTENANCE -> value instanceof MaintenanceMode && isMaintenance();
      case POLICY ->
          isReserved()
              ? value instanceof GlobalRateLimitPolicy && isWideRateLimit()
              : value instanceof RateLimitPolicy policy && policy.key().equals(key);
      case DOCUMENT -> value instanceof OpaqueDocument;
    };
  }

  private boolean isMaintenance() {
    return key.equals(GLOBAL_MAINTENANCE) || isOfService(SERVICE_MAINTENANCE);
  }

  private boolean isWideRateLimit() {
    return key.equals(GLOBAL_RATE_LIMIT) || isOfService(SERVICE_RATE_LIMIT);
  }

  private boolean isOfService(String prefix) {
    return key.startsWith(prefix)
        && key.endsWith(END)
        && key.length() > prefix.length() + END.length();
  }

  // Written out: see Head.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DocumentKey document
        && kind == document.kind
        && key.equals(document.key);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + kind.hashCode();
  }

  @Override
  public String toString() {
    return kind.wireName() + " " + key;
  }
}
