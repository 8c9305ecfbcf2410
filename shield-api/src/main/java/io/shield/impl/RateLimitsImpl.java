package io.shield.impl;

import io.shield.RateLimits;
import io.shield.WideRateLimit;
import io.shield.error.InvalidValueException;
import io.shield.impl.change.Audits;
import io.shield.impl.change.Plan;
import io.shield.impl.limit.PolicyPlans;
import io.shield.impl.limit.ResetMarks;
import io.shield.impl.limit.RoutePolicies;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rate limits of an engine. Thread-safe. */
final class RateLimitsImpl implements RateLimits {
  private static final String GLOBAL_PATH = "__global_rl__";

  private final EngineCore core;

  RateLimitsImpl(EngineCore core) {
    this.core = core;
  }

  @Override
  public List<Versioned<RateLimitPolicy>> list() {
    List<Versioned<RateLimitPolicy>> policies = new ArrayList<>();
    for (Versioned<DocumentValue> stored : core.snapshot().policies().values()) {
      if (stored.value() instanceof RateLimitPolicy policy) {
        policies.add(new Versioned<>(policy, stored.version()));
      }
    }
    return List.copyOf(policies);
  }

  @Override
  public Map<String, String> problems() {
    return core.limits().problems();
  }

  @Override
  public Optional<Versioned<RateLimitPolicy>> get(String policyKey) {
    Objects.requireNonNull(policyKey, "policyKey");
    Snapshot snapshot = core.snapshot();
    return Optional.ofNullable(RoutePolicies.inForce(snapshot, policyKey))
        .map(policy -> new Versioned<>(policy, snapshot.version(DocumentKey.policy(policy.key()))));
  }

  @Override
  public Future<Versioned<RateLimitPolicy>> set(
      RateLimitPolicy policy, @Nullable Long ifVersion, Actor actor) {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(actor, "actor");
    return core.change(
        () -> {
          PolicyPlans.check(policy);
          RateLimitPolicy own = policy.normalized().toBuilder().origin(Origin.RUNTIME).build();
          Instant now = core.now();
          return snapshot -> {
            RateLimiting.checkKnown(snapshot, own);
            RateLimitPolicy known = RoutePolicies.inForce(snapshot, own.key());
            // What is stored keeps its spelling, and so its counters.
            RateLimitPolicy spelt =
                known == null ? own : own.toBuilder().path(known.path()).build();
            return new PolicyPlans(DocumentKey.policy(spelt.key()), actor, now)
                .set(snapshot, spelt, ifVersion);
          };
        },
        results -> PolicyPlans.written(RateLimitPolicy.class, results, core.limits()));
  }

  @Override
  public Future<Versioned<RateLimitPolicy>> pause(
      String policyKey, @Nullable Long ifVersion, Actor actor) {
    return enabled(policyKey, false, ifVersion, actor);
  }

  @Override
  public Future<Versioned<RateLimitPolicy>> resume(
      String policyKey, @Nullable Long ifVersion, Actor actor) {
    return enabled(policyKey, true, ifVersion, actor);
  }

  private Future<Versioned<RateLimitPolicy>> enabled(
      String policyKey, boolean enabled, @Nullable Long ifVersion, Actor actor) {
    String reason = enabled ? "resumed" : "paused";
    return changed(
        policyKey,
        actor,
        (plans, snapshot) ->
            plans.change(
                snapshot, ifVersion, policy -> withEnabled(policy, enabled), "updated", reason),
        results -> PolicyPlans.written(RateLimitPolicy.class, results, core.limits()));
  }

  private static DocumentValue withEnabled(DocumentValue policy, boolean enabled) {
    return ((RateLimitPolicy) policy).toBuilder().enabled(enabled).origin(Origin.RUNTIME).build();
  }

  @Override
  public Future<Void> delete(String policyKey, @Nullable Long ifVersion, Actor actor) {
    return this.<Void>changed(
        policyKey, actor, (plans, snapshot) -> deleted(plans, snapshot, ifVersion), done -> null);
  }

  /** In each spelling: else what is stored in another would be in force from then on. */
  private static Plan deleted(PolicyPlans plans, Snapshot snapshot, @Nullable Long ifVersion) {
    Plan plan = plans.delete(snapshot, ifVersion);
    String key = plans.key().key();
    List<RateLimitPolicy> others =
        RoutePolicies.of(
            snapshot,
            policy -> !policy.key().equals(key) && RoutePolicies.isSameKey(policy.key(), key));
    for (RateLimitPolicy other : others) {
      PolicyPlans plansOfOther =
          new PolicyPlans(DocumentKey.policy(other.key()), plans.actor(), plans.now());
      plan = plan.and(plansOfOther.delete(snapshot, null));
    }
    return plan;
  }

  @Override
  public Future<Void> resetKey(String policyKey, String key, Actor actor) {
    Objects.requireNonNull(key, "key");
    return this.<Void>changed(
        policyKey,
        actor,
        (plans, snapshot) -> plans.reset(snapshot, RateLimiting.counterKeys(key)),
        done -> null);
  }

  /** Changes the policy of a route. */
  private <T> Future<T> changed(
      String policyKey,
      Actor actor,
      BiFunction<PolicyPlans, Snapshot, Plan> plan,
      Function<List<Plan.Result>, @Nullable T> result) {
    Objects.requireNonNull(policyKey, "policyKey");
    Objects.requireNonNull(actor, "actor");
    return core.change(
        () -> {
          // Of a route: the reserved paths of the others are no route keys.
          RouteKey.parse(policyKey);
          Instant now = core.now();
          return snapshot -> {
            RateLimitPolicy known = RoutePolicies.inForce(snapshot, policyKey);
            DocumentKey key = DocumentKey.policy(known == null ? policyKey : known.key());
            return plan.apply(new PolicyPlans(key, actor, now), snapshot);
          };
        },
        result);
  }

  @Override
  public WideRateLimit global() {
    return new Wide(DocumentKey.globalRateLimit());
  }

  @Override
  public WideRateLimit service(String service) {
    return new Wide(DocumentKey.serviceRateLimit(service));
  }

  @Override
  public Future<Void> reset(String path, @Nullable String method, Actor actor) {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(actor, "actor");
    return core.change(
        () -> {
          RouteKey route = RouteKey.parse(path);
          String one = methodOf(route, method);
          Instant now = core.now();
          return snapshot -> {
            List<RateLimitPolicy> policies = policiesOf(snapshot, route, path);
            if (policies.isEmpty()) {
              RateLimiting.checkKnown(
                  snapshot, RateLimitPolicy.of(RateLimitPolicy.ALL_METHODS, path, "unlimited"));
            }
            return resets(snapshot, RoutePolicies.ofMethod(policies, one), actor, now);
          };
        },
        results -> null);
  }

  /** The method whose policy is meant, or null for all. */
  private static @Nullable String methodOf(RouteKey route, @Nullable String method) {
    if (method == null || method.equals(RateLimitPolicy.ALL_METHODS)) {
      return route.method();
    }
    if (route.method() != null && !route.method().equals(method)) {
      throw new InvalidValueException("method", method, route.method() + ", as in " + route);
    }
    return RouteKey.of(method, "/").method();
  }

  private static List<RateLimitPolicy> policiesOf(Snapshot snapshot, RouteKey route, String path) {
    return RoutePolicies.of(snapshot, policy -> policy.key().equals(path) || isOf(policy, route));
  }

  private static boolean isOf(RateLimitPolicy policy, RouteKey route) {
    RouteKey limited = RouteKey.parse(policy.path());
    return RoutePolicies.isSamePath(limited, route)
        && Objects.equals(limited.service(), route.service());
  }

  private static Plan resets(
      Snapshot snapshot, List<RateLimitPolicy> policies, Actor actor, Instant now) {
    Plan all = Plan.NOTHING;
    for (RateLimitPolicy policy : policies) {
      PolicyPlans plans = new PolicyPlans(DocumentKey.policy(policy.key()), actor, now);
      all = all.and(plans.reset(snapshot));
    }
    return all;
  }

  @Override
  public Future<Void> resetAll(Actor actor) {
    Objects.requireNonNull(actor, "actor");
    return core.change(
        () -> {
          Instant now = core.now();
          return snapshot -> resetAll(snapshot, actor, now);
        },
        results -> null);
  }

  private static Plan resetAll(Snapshot snapshot, Actor actor, Instant now) {
    Edit edit = ResetMarks.edit(snapshot, ResetMarks.ALL);
    return new Plan(
        List.of(edit),
        List.of(
            Audits.entry(
                GLOBAL_PATH,
                null,
                AuditAction.RL_RESET,
                "all counters",
                actor,
                null,
                null,
                List.of(),
                now)),
        List.of());
  }

  @Override
  public Future<List<RateLimitHit>> hits(HitQuery query) {
    return core.hits(Objects.requireNonNull(query, "query"));
  }

  /** The rate limit of the fleet or of a service. Thread-safe. */
  private final class Wide implements WideRateLimit {
    private final DocumentKey key;

    Wide(DocumentKey key) {
      this.key = key;
    }

    @Override
    public Optional<Versioned<GlobalRateLimitPolicy>> get() {
      Versioned<DocumentValue> stored = core.snapshot().policies().get(key.key());
      return stored == null
          ? Optional.empty()
          : Optional.of(new Versioned<>((GlobalRateLimitPolicy) stored.value(), stored.version()));
    }

    @Override
    public Future<Versioned<GlobalRateLimitPolicy>> set(
        GlobalRateLimitPolicy policy, @Nullable Long ifVersion, Actor actor) {
      Objects.requireNonNull(policy, "policy");
      return changed(
          actor,
          (plans, snapshot) -> {
            PolicyPlans.check(policy);
            return plans.set(snapshot, policy, ifVersion);
          },
          this::written);
    }

    @Override
    public Future<Versioned<GlobalRateLimitPolicy>> pause(@Nullable Long ifVersion, Actor actor) {
      return enabled(false, "disabled", ifVersion, actor);
    }

    @Override
    public Future<Versioned<GlobalRateLimitPolicy>> resume(@Nullable Long ifVersion, Actor actor) {
      return enabled(true, "enabled", ifVersion, actor);
    }

    private Future<Versioned<GlobalRateLimitPolicy>> enabled(
        boolean enabled, String verb, @Nullable Long ifVersion, Actor actor) {
      return changed(
          actor,
          (plans, snapshot) ->
              plans.change(
                  snapshot,
                  ifVersion,
                  policy -> ((GlobalRateLimitPolicy) policy).withEnabled(enabled),
                  verb,
                  ""),
          this::written);
    }

    private Versioned<GlobalRateLimitPolicy> written(List<Plan.Result> results) {
      return PolicyPlans.written(GlobalRateLimitPolicy.class, results, core.limits());
    }

    @Override
    public Future<Void> delete(@Nullable Long ifVersion, Actor actor) {
      return this.<Void>changed(
          actor, (plans, snapshot) -> plans.delete(snapshot, ifVersion), done -> null);
    }

    @Override
    public Future<Void> reset(Actor actor) {
      return this.<Void>changed(
          actor,
          (plans, snapshot) -> snapshot.value(key) == null ? Plan.NOTHING : plans.reset(snapshot),
          done -> null);
    }

    @Override
    public Future<Void> resetKey(String counter, Actor actor) {
      Objects.requireNonNull(counter, "key");
      return this.<Void>changed(
          actor,
          (plans, snapshot) -> plans.reset(snapshot, RateLimiting.counterKeys(counter)),
          done -> null);
    }

    private <T> Future<T> changed(
        Actor actor,
        BiFunction<PolicyPlans, Snapshot, Plan> plan,
        Function<List<Plan.Result>, @Nullable T> result) {
      Objects.requireNonNull(actor, "actor");
      return core.change(
          () -> {
            PolicyPlans plans = new PolicyPlans(key, actor, core.now());
            return snapshot -> plan.apply(plans, snapshot);
          },
          result);
    }
  }
}
