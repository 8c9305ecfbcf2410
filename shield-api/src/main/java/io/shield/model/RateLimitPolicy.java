package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import io.shield.internal.value.WireName;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit of one route and method. The last seven fields are Shield's own; JSON without them
 * has their defaults.
 *
 * @param path the route's path or, on a Shield Server, its key
 * @param method the upper-case HTTP method, or {@link #ALL_METHODS} for those without a policy of
 *     their own; {@code HEAD} follows {@code GET}
 * @param limit a limit string, see {@link RateLimit#parse}
 * @param algorithm how it counts
 * @param keyStrategy whose requests are counted together
 * @param onMissingKey what happens to requests without a key; null for the strategy's default
 * @param burst added to the capacity, 0 to 1000000000
 * @param tiers limits for callers of certain plans, at most 100
 * @param tierResolver the name of the caller's attribute that holds the plan
 * @param exemptIps addresses or CIDR blocks that are never limited
 * @param exemptRoles roles whose holders are never limited
 * @param enabled whether it is in force; a paused policy counts nothing
 * @param shadow whether it only counts what it would refuse, and lets it pass
 * @param maxConcurrent how many requests of one key may be under way at the same time, 0 for any
 *     number, at most 1000000
 * @param cost what one request takes from the limit, at least 1 and at most its capacity
 * @param onStoreFailure what it does while the store that counts cannot be reached
 * @param lease whether a process takes a share of a shared counter ahead and counts it by itself
 * @param origin whether code or a person at run time decided
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
    List<String> exemptRoles,
    boolean enabled,
    boolean shadow,
    int maxConcurrent,
    int cost,
    OnStoreFailure onStoreFailure,
    boolean lease,
    Origin origin)
    implements DocumentValue {
  /** The largest burst. */
  public static final int MAX_BURST = 1_000_000_000;

  /** The original's name for the attribute that holds the plan. */
  public static final String DEFAULT_TIER_RESOLVER = "plan";

  /** The method of a policy for every method that has none of its own. */
  public static final String ALL_METHODS = "ALL";

  /** The largest number of requests under way. */
  public static final int MAX_CONCURRENT = 1_000_000;

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
    Checks.range("max_concurrent", maxConcurrent, 0, MAX_CONCURRENT);
    checkCost(cost, limit, burst);
    for (RateLimitTier tier : tiers) {
      checkCost(cost, tier.limit(), burst);
    }
    Objects.requireNonNull(onStoreFailure, "on_store_failure");
    Objects.requireNonNull(origin, "origin");
  }

  /** A policy that takes nothing ahead, and counts for itself while a store cannot be reached. */
  public RateLimitPolicy(
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
      List<String> exemptRoles,
      boolean enabled,
      boolean shadow,
      int maxConcurrent,
      int cost,
      Origin origin) {
    this(
        path,
        method,
        limit,
        algorithm,
        keyStrategy,
        onMissingKey,
        burst,
        tiers,
        tierResolver,
        exemptIps,
        exemptRoles,
        enabled,
        shadow,
        maxConcurrent,
        cost,
        OnStoreFailure.LOCAL,
        false,
        origin);
  }

  /** A policy with the original's fields and the defaults of the others. */
  public RateLimitPolicy(
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
      List<String> exemptRoles) {
    this(
        path,
        method,
        limit,
        algorithm,
        keyStrategy,
        onMissingKey,
        burst,
        tiers,
        tierResolver,
        exemptIps,
        exemptRoles,
        true,
        false,
        0,
        1,
        Origin.RUNTIME);
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

  /**
   * The same policy under its one name: {@code GET:/payments} as a path is {@code /payments} for
   * the method {@code GET}. The routes of a Shield Server's services keep their keys.
   *
   * @throws InvalidValueException if the path names another method
   */
  public RateLimitPolicy normalized() {
    RouteKey route = RouteKey.parse(path);
    if (route.method() == null) {
      return this;
    }
    if (!route.method().equals(method)) {
      throw new InvalidValueException(
          "method", method, route.method() + ", as in the path " + path);
    }
    return route.service() == null ? toBuilder().path(route.path()).build() : this;
  }

  /** A builder that starts from this policy. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Makes a policy field by field; the fields are checked by {@link #build}. */
  public static final class Builder {
    private String path;
    private String method;
    private String limit;
    private RateLimitAlgorithm algorithm;
    private KeyStrategy keyStrategy;
    private @Nullable OnMissingKey onMissingKey;
    private int burst;
    private List<RateLimitTier> tiers;
    private String tierResolver;
    private List<String> exemptIps;
    private List<String> exemptRoles;
    private boolean enabled;
    private boolean shadow;
    private int maxConcurrent;
    private int cost;
    private OnStoreFailure onStoreFailure;
    private boolean lease;
    private Origin origin;

    private Builder(RateLimitPolicy from) {
      path = from.path;
      method = from.method;
      limit = from.limit;
      algorithm = from.algorithm;
      keyStrategy = from.keyStrategy;
      onMissingKey = from.onMissingKey;
      burst = from.burst;
      tiers = from.tiers;
      tierResolver = from.tierResolver;
      exemptIps = from.exemptIps;
      exemptRoles = from.exemptRoles;
      enabled = from.enabled;
      shadow = from.shadow;
      maxConcurrent = from.maxConcurrent;
      cost = from.cost;
      onStoreFailure = from.onStoreFailure;
      lease = from.lease;
      origin = from.origin;
    }

    /** Sets the route. */
    public Builder path(String value) {
      path = value;
      return this;
    }

    /** Sets the method. */
    public Builder method(String value) {
      method = value;
      return this;
    }

    /** Sets the limit string. */
    public Builder limit(String value) {
      limit = value;
      return this;
    }

    /** Sets how it counts. */
    public Builder algorithm(RateLimitAlgorithm value) {
      algorithm = value;
      return this;
    }

    /** Sets whose requests are counted together. */
    public Builder keyStrategy(KeyStrategy value) {
      keyStrategy = value;
      return this;
    }

    /** Sets what happens to requests without a key; null for the strategy's default. */
    public Builder onMissingKey(@Nullable OnMissingKey value) {
      onMissingKey = value;
      return this;
    }

    /** Sets what is added to the capacity. */
    public Builder burst(int value) {
      burst = value;
      return this;
    }

    /** Sets the limits for callers of certain plans. */
    public Builder tiers(List<RateLimitTier> value) {
      tiers = value;
      return this;
    }

    /** Sets the name of the caller's attribute that holds the plan. */
    public Builder tierResolver(String value) {
      tierResolver = value;
      return this;
    }

    /** Sets the addresses and CIDR blocks that are never limited. */
    public Builder exemptIps(List<String> value) {
      exemptIps = value;
      return this;
    }

    /** Sets the roles whose holders are never limited. */
    public Builder exemptRoles(List<String> value) {
      exemptRoles = value;
      return this;
    }

    /** Sets whether it is in force. */
    public Builder enabled(boolean value) {
      enabled = value;
      return this;
    }

    /** Sets whether it only counts. */
    public Builder shadow(boolean value) {
      shadow = value;
      return this;
    }

    /** Sets how many requests of one key may be under way; 0 for any number. */
    public Builder maxConcurrent(int value) {
      maxConcurrent = value;
      return this;
    }

    /** Sets what one request takes. */
    public Builder cost(int value) {
      cost = value;
      return this;
    }

    /** Sets what it does while the store that counts cannot be reached. */
    public Builder onStoreFailure(OnStoreFailure value) {
      onStoreFailure = value;
      return this;
    }

    /** Sets whether a process takes a share of a shared counter ahead. */
    public Builder lease(boolean value) {
      lease = value;
      return this;
    }

    /** Sets who decided. */
    public Builder origin(Origin value) {
      origin = value;
      return this;
    }

    /**
     * The policy.
     *
     * @throws InvalidValueException if a field has a value that is not allowed
     */
    public RateLimitPolicy build() {
      return new RateLimitPolicy(
          path,
          method,
          limit,
          algorithm,
          keyStrategy,
          onMissingKey,
          burst,
          tiers,
          tierResolver,
          exemptIps,
          exemptRoles,
          enabled,
          shadow,
          maxConcurrent,
          cost,
          onStoreFailure,
          lease,
          origin);
    }
  }

  /** What one request takes must fit into every limit it is taken from. */
  static int checkCost(int cost, String limit, int burst) {
    Checks.atLeast("cost", cost, 1);
    for (RateLimit each : RateLimit.parse("limit", limit)) {
      if (cost > each.count() + burst) {
        throw new InvalidValueException(
            "cost", cost, "at most the capacity of '" + limit + "', " + (each.count() + burst));
      }
    }
    return cost;
  }

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

  /** Whose rate limit it is. */
  public enum LimitScope {
    /** The route's own, also that of one of its tiers. */
    ROUTE,
    /** That of its service. */
    SERVICE,
    /** That of the whole fleet. */
    GLOBAL;

    /** The name in JSON, command lines and documents. */
    public String wireName() {
      return WireName.of(this);
    }

    /**
     * Reads a wire name.
     *
     * @throws InvalidValueException if there is none such; the message lists the valid ones
     */
    public static LimitScope parse(String name) {
      return WireName.parse(LimitScope.class, "scope", name);
    }
  }
}
