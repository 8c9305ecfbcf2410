package io.shield.web;

import io.shield.decision.Cidr;
import io.shield.decision.ForwardedHeader;
import io.shield.decision.RefusalKind;
import io.shield.decision.TrustedProxies;
import io.shield.error.InvalidValueException;
import io.shield.web.impl.RouteDeclaration;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a handler sees callers and answers refused requests. Not thread-safe; a handler copies it.
 */
public class ShieldHandlerOptions {
  /** The default header that carries an API key: {@value}. */
  public static final String DEFAULT_API_KEY_HEADER = "X-API-Key";

  /** By default requests are charged by the handler itself. */
  public static final LimitTiming DEFAULT_LIMITS = LimitTiming.NOW;

  /** By default clients are told of limits by the {@code X-RateLimit-*} headers. */
  public static final RateLimitHeaders DEFAULT_RATE_LIMIT_HEADERS = RateLimitHeaders.LEGACY;

  /** By default no client is told to wait longer than an hour. */
  public static final Duration DEFAULT_RETRY_AFTER_MAX = Duration.ofHours(1);

  private @Nullable Function<RoutingContext, @Nullable Identity> identity;
  private String apiKeyHeader = DEFAULT_API_KEY_HEADER;
  private LimitTiming limits = DEFAULT_LIMITS;
  private RateLimitHeaders rateLimitHeaders = DEFAULT_RATE_LIMIT_HEADERS;
  private Duration retryAfterMax = DEFAULT_RETRY_AFTER_MAX;
  private double retryAfterSpread;
  private @Nullable Function<RoutingContext, Future<@Nullable String>> limitKey;
  private @Nullable List<Cidr> trustedProxies;
  private boolean trustingSockets;
  private @Nullable ForwardedHeader forwardedHeader;
  private boolean answersPreflights;
  private @Nullable String mountPoint;
  private final Map<RefusalKind, RefusalResponder> responders = new EnumMap<>(RefusalKind.class);

  /** The defaults. */
  public ShieldHandlerOptions() {}

  /** A copy. */
  public ShieldHandlerOptions(ShieldHandlerOptions other) {
    identity = other.identity;
    apiKeyHeader = other.apiKeyHeader;
    limits = other.limits;
    rateLimitHeaders = other.rateLimitHeaders;
    retryAfterMax = other.retryAfterMax;
    retryAfterSpread = other.retryAfterSpread;
    limitKey = other.limitKey;
    trustedProxies = other.trustedProxies;
    trustingSockets = other.trustingSockets;
    forwardedHeader = other.forwardedHeader;
    answersPreflights = other.answersPreflights;
    mountPoint = other.mountPoint;
    responders.putAll(other.responders);
  }

  /** Tells who sends a request, or null if {@code ctx.user()} does. */
  public @Nullable Function<RoutingContext, @Nullable Identity> getIdentity() {
    return identity;
  }

  /**
   * Sets what tells who sends a request, instead of {@code ctx.user()}. Asked only when an
   * exemption or a limit depends on it, on the request's context; must not block. Null means nobody
   * known; for one whose identity fails with an error neither roles nor canary open a gate.
   */
  public ShieldHandlerOptions setIdentity(Function<RoutingContext, @Nullable Identity> value) {
    identity = Objects.requireNonNull(value, "identity");
    return this;
  }

  /** The header that carries an API key. */
  public String getApiKeyHeader() {
    return apiKeyHeader;
  }

  /** Sets the header that carries an API key: a token of RFC 9110, at most 100 characters. */
  public ShieldHandlerOptions setApiKeyHeader(String value) {
    if (!value.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")) {
      throw new InvalidValueException(
          "apiKeyHeader", value, "a header name of at most 100 characters");
    }
    apiKeyHeader = value;
    return this;
  }

  /** When requests are charged to their rate limits. */
  public LimitTiming getLimits() {
    return limits;
  }

  /** Sets when requests are charged to their rate limits. */
  public ShieldHandlerOptions setLimits(LimitTiming value) {
    limits = Objects.requireNonNull(value, "limits");
    return this;
  }

  /** How clients are told about limits. */
  public RateLimitHeaders getRateLimitHeaders() {
    return rateLimitHeaders;
  }

  /** Sets how clients are told about limits. */
  public ShieldHandlerOptions setRateLimitHeaders(RateLimitHeaders value) {
    rateLimitHeaders = Objects.requireNonNull(value, "rateLimitHeaders");
    return this;
  }

  /** The longest that a {@code Retry-After} tells a client to wait. */
  public Duration getRetryAfterMax() {
    return retryAfterMax;
  }

  /**
   * Sets the longest that a {@code Retry-After} tells a client to wait: 1 second to 365 days, an
   * hour by default, since many HTTP clients sleep for whatever they are told. A fraction of a
   * second is left off. The body of a refusal tells the true end.
   */
  public ShieldHandlerOptions setRetryAfterMax(Duration value) {
    if (value.toSeconds() < 1 || value.compareTo(Duration.ofDays(365)) > 0) {
      throw new InvalidValueException("retryAfterMax", value, "1 second to 365 days");
    }
    retryAfterMax = value;
    return this;
  }

  /** The share by which a {@code Retry-After} is prolonged at most. */
  public double getRetryAfterSpread() {
    return retryAfterSpread;
  }

  /**
   * Sets the share by which a {@code Retry-After} is prolonged at most, at random for each refusal,
   * so that clients do not all come back in the same second: 0 to 1, where 0, the default, is not
   * at all. What {@link #setRetryAfterMax} says holds for the sum.
   */
  public ShieldHandlerOptions setRetryAfterSpread(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidValueException("retryAfterSpread", value, "0 to 1");
    }
    retryAfterSpread = value;
    return this;
  }

  /** The key that limits of the strategy {@code custom} count by, or null if none is set. */
  public @Nullable Function<RoutingContext, Future<@Nullable String>> getLimitKey() {
    return limitKey;
  }

  /**
   * Sets the key that limits of the strategy {@code custom} count by, unless a route has its own.
   * Asked on the request's context; must not block. Null as a key means that there is none. An
   * error lets the request pass and is counted.
   */
  public ShieldHandlerOptions setLimitKey(Function<RoutingContext, @Nullable String> value) {
    limitKey = RouteDeclaration.keyKnownNow(value);
    return this;
  }

  /** As {@link #setLimitKey}, for a key that is known later. The request is paused meanwhile. */
  public ShieldHandlerOptions setAsyncLimitKey(
      Function<RoutingContext, Future<@Nullable String>> value) {
    limitKey = Objects.requireNonNull(value, "limitKey");
    return this;
  }

  /** The proxies whose word on the client's address is taken, or null if not set. */
  public @Nullable List<Cidr> getTrustedProxies() {
    return trustedProxies;
  }

  /**
   * Sets the proxies whose word on the client's address is taken, addresses and CIDR blocks; what
   * the engine is configured with ({@code SHIELD_TRUSTED_PROXIES}) if it is not set. The address
   * counts for limits and for {@code allowed_ips} alike. The word {@code unix} stands for every
   * peer of a Unix domain socket; such peers have no address, so that without it all of them are
   * one caller, {@code ip:unknown}.
   */
  public ShieldHandlerOptions setTrustedProxies(String... blocks) {
    TrustedProxies proxies = TrustedProxies.of("trustedProxies", List.of(blocks));
    trustedProxies = proxies.blocks();
    trustingSockets = proxies.sockets();
    return this;
  }

  /** Whether the peers of Unix domain sockets are among the trusted proxies. */
  public boolean isTrustingSockets() {
    return trustingSockets;
  }

  /** The header in which trusted proxies give the client's address, or null if not set. */
  public @Nullable ForwardedHeader getForwardedHeader() {
    return forwardedHeader;
  }

  /**
   * Sets the header in which trusted proxies give the client's address; what the engine is
   * configured with ({@code SHIELD_FORWARDED_HEADER}) if it is not set.
   */
  public ShieldHandlerOptions setForwardedHeader(ForwardedHeader value) {
    forwardedHeader = Objects.requireNonNull(value, "forwardedHeader");
    return this;
  }

  /** Whether the application answers CORS preflights by something other than a CORS handler. */
  public boolean isAnswersPreflights() {
    return answersPreflights;
  }

  /**
   * Says that the application answers all CORS preflights behind this handler by something other
   * than Vert.x's {@code CorsHandler}, which is recognised: they pass then, also where a route is
   * closed, and are not charged. False by default: a preflight that no {@code CorsHandler} on its
   * way answers is judged and charged as any request.
   */
  public ShieldHandlerOptions setAnswersPreflights(boolean value) {
    answersPreflights = value;
    return this;
  }

  /** Where the router of {@link ShieldHandler#create} is mounted, or null if not set. */
  public @Nullable String getMountPoint() {
    return mountPoint;
  }

  /**
   * Sets where the router of {@link ShieldHandler#create} is mounted, as a template without a final
   * star: {@code /v1} or {@code /tenants/:tenant}. Without it the mount point of a sub-router is
   * found in an outer router that has such a handler too. If none has, it is learnt from its first
   * request, and until then its routes are stored as if it stood at the root; a mount with
   * parameters has to be told. A router that looks into its own sub-routers needs none.
   */
  public ShieldHandlerOptions setMountPoint(String value) {
    if (!value.startsWith("/") || value.endsWith("*")) {
      throw new InvalidValueException(
          "mountPoint", value, "a path that begins with '/', without a final star");
    }
    mountPoint = value;
    return this;
  }

  /** How refusals of a kind are answered, or null if in the standard way. */
  public @Nullable RefusalResponder getResponder(RefusalKind kind) {
    return responders.get(kind);
  }

  /** Sets how refusals of a kind are answered on all routes that have no answer of their own. */
  public ShieldHandlerOptions setResponder(RefusalKind kind, RefusalResponder responder) {
    responders.put(kind, Objects.requireNonNull(responder, "responder"));
    return this;
  }

  /** When requests are charged to their rate limits. */
  public enum LimitTiming {
    /** By the handler that judges the route's state, after that. */
    NOW,
    /** By {@link ShieldHandler#limits}, which stands behind, after authentication for instance. */
    LATER
  }

  /**
   * How clients are told about rate limits. {@code Retry-After} of a refusal is sent in any case.
   */
  public enum RateLimitHeaders {
    /**
     * {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset} (epoch seconds), of the
     * limit with the least remaining.
     */
    LEGACY,
    /** {@code RateLimit-Policy} and {@code RateLimit} of the IETF draft, of all limits. */
    DRAFT,
    /** Both. */
    BOTH,
    /** None. */
    OFF;

    /** Whether the {@code X-RateLimit-*} headers are sent. */
    public boolean legacy() {
      return this == LEGACY || this == BOTH;
    }

    /** Whether the headers of the IETF draft are sent. */
    public boolean draft() {
      return this == DRAFT || this == BOTH;
    }
  }
}
