package io.shield;

import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.audit.Actor;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit of the whole fleet or of one service: at most one policy, charged together with
 * the policies of routes. Changes fail as those of {@link RateLimits} do.
 */
public interface WideRateLimit {
  /** The policy. */
  Optional<Versioned<GlobalRateLimitPolicy>> get();

  /** Sets or replaces the policy, whatever version it has. */
  default Future<Versioned<GlobalRateLimitPolicy>> set(GlobalRateLimitPolicy policy, Actor actor) {
    return set(policy, null, actor);
  }

  /**
   * Sets or replaces the policy. Counters go on, rescaled, unless the kind of key changes.
   *
   * @param policy its exempt routes must be bare paths or route keys
   * @param ifVersion the version the policy must have, 0 if there must be none, or null for any
   */
  Future<Versioned<GlobalRateLimitPolicy>> set(
      GlobalRateLimitPolicy policy, @Nullable Long ifVersion, Actor actor);

  /** Takes the policy out of force and keeps it, whatever version it has. */
  default Future<Versioned<GlobalRateLimitPolicy>> pause(Actor actor) {
    return pause(null, actor);
  }

  /**
   * Takes the policy out of force and keeps it.
   *
   * @param ifVersion the version the policy must have, or null for any
   */
  Future<Versioned<GlobalRateLimitPolicy>> pause(@Nullable Long ifVersion, Actor actor);

  /** Puts the paused policy into force again, whatever version it has. */
  default Future<Versioned<GlobalRateLimitPolicy>> resume(Actor actor) {
    return resume(null, actor);
  }

  /**
   * Puts the paused policy into force again.
   *
   * @param ifVersion the version the policy must have, or null for any
   */
  Future<Versioned<GlobalRateLimitPolicy>> resume(@Nullable Long ifVersion, Actor actor);

  /** Deletes the policy, whatever version it has, and its counters. */
  default Future<Void> delete(Actor actor) {
    return delete(null, actor);
  }

  /**
   * Deletes the policy and its counters.
   *
   * @param ifVersion the version the policy must have, or null for any
   */
  Future<Void> delete(@Nullable Long ifVersion, Actor actor);

  /** Forgets what the policy counted, on every node. Nothing is written if there is none. */
  Future<Void> reset(Actor actor);

  /** Forgets what the policy counted for one key, on every node. */
  Future<Void> resetKey(String key, Actor actor);
}
