package io.shield.impl;

import io.shield.WideRateLimit;
import io.shield.impl.change.Plan;
import io.shield.impl.limit.PolicyPlans;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.audit.Actor;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rate limit of the fleet or of a service. Thread-safe. */
final class WideRateLimitImpl implements WideRateLimit {
  private final EngineCore core;
  private final DocumentKey key;

  WideRateLimitImpl(EngineCore core, DocumentKey key) {
    this.core = core;
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
        (plans, snapshot) ->
            snapshot.value(key) == null ? Plan.NOTHING : plans.reset(snapshot, null),
        done -> null);
  }

  @Override
  public Future<Void> resetKey(String counter, Actor actor) {
    Objects.requireNonNull(counter, "key");
    return this.<Void>changed(
        actor,
        (plans, snapshot) -> plans.reset(snapshot, RateLimiting.counterKey(counter)),
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
