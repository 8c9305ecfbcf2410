package io.shield.decision;

import io.shield.model.RateLimitPolicy.LimitScope;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is to be done with one request. */
public sealed interface Decision {
  /** Let it pass, and say nothing. */
  Allow ALLOW = new Allow(null);

  /**
   * Serve it.
   *
   * @param deprecation the notice to send along, or null
   */
  record Allow(@Nullable Deprecation deprecation) implements Decision {}

  /** Do not serve it. */
  sealed interface Refusal extends Decision permits Maintenance, Disabled, EnvGated, RateLimited {
    /** Which kind of refusal it is. */
    RefusalKind kind();

    /** Why, in words for people; may be empty. */
    String reason();
  }

  /** Whose maintenance closed a route. */
  enum Scope {
    /** The route's own. */
    ROUTE,
    /** That of its service. */
    SERVICE,
    /** That of the whole fleet. */
    GLOBAL
  }

  /**
   * Refused with 503 because of maintenance.
   *
   * @param scope whose maintenance
   * @param reason why, may be empty
   * @param retryAfter when it will be over, or null if nobody knows
   */
  record Maintenance(Scope scope, String reason, @Nullable Instant retryAfter) implements Refusal {
    public Maintenance {
      Objects.requireNonNull(scope, "scope");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public RefusalKind kind() {
      return RefusalKind.MAINTENANCE;
    }
  }

  /**
   * Refused with 503 because the route is switched off.
   *
   * @param reason why, may be empty
   * @param retryAfter when it will be on again, or null if nobody knows
   */
  record Disabled(String reason, @Nullable Instant retryAfter) implements Refusal {
    public Disabled {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public RefusalKind kind() {
      return RefusalKind.DISABLED;
    }
  }

  /**
   * Refused with 403 because the route is not open in this environment.
   *
   * @param currentEnv this environment
   * @param allowedEnvs where it is open
   */
  record EnvGated(String currentEnv, List<String> allowedEnvs) implements Refusal {
    public EnvGated {
      Objects.requireNonNull(currentEnv, "currentEnv");
      allowedEnvs = List.copyOf(allowedEnvs);
    }

    @Override
    public RefusalKind kind() {
      return RefusalKind.ENV_GATED;
    }

    @Override
    public String reason() {
      return "open in " + String.join(", ", allowedEnvs) + " only";
    }
  }

  /**
   * Refused with 429 because a limit is used up.
   *
   * @param scope whose limit it is
   * @param limit the limit string that refused
   * @param capacity how many requests that limit admits per period
   * @param resetAt when the next request can pass
   */
  record RateLimited(LimitScope scope, String limit, long capacity, Instant resetAt)
      implements Refusal {
    public RateLimited {
      Objects.requireNonNull(scope, "scope");
      Objects.requireNonNull(limit, "limit");
      Objects.requireNonNull(resetAt, "resetAt");
    }

    @Override
    public RefusalKind kind() {
      return RefusalKind.RATE_LIMITED;
    }

    @Override
    public String reason() {
      return "more than " + limit;
    }
  }

  /**
   * What a client of a deprecated route is told.
   *
   * @param since when it became deprecated (RFC 9745)
   * @param sunset when it will go (RFC 8594), or null
   * @param successor the URI of what replaces it, or null
   */
  record Deprecation(Instant since, @Nullable Instant sunset, @Nullable String successor) {
    public Deprecation {
      Objects.requireNonNull(since, "since");
    }
  }
}
