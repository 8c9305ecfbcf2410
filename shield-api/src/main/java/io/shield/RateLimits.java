package io.shield;

import io.shield.error.UnknownPolicyException;
import io.shield.model.RateLimitPolicy;
import io.shield.model.audit.Actor;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits how often routes may be called. A route's policy is named by its key, {@link
 * RateLimitPolicy#key}: {@code GET:/payments}.
 *
 * <p>The future of a change completes when it is stored, audited and in force on this node. Besides
 * the failures that {@link Routes} lists, it fails with {@link UnknownPolicyException} if no policy
 * has the key, in whatever spelling of its parameters, and with {@link
 * io.shield.error.InvalidValueException} if {@code exempt_ips} or {@code exempt_routes} cannot be
 * read or a limit cannot be counted by its algorithm.
 *
 * <pre>{@code
 * RateLimitPolicy policy = RateLimitPolicy.of("POST", "/payments", "100/minute");
 * engine.rateLimits().set(policy, Actor.of("alice", "deployment"));
 * }</pre>
 */
public interface RateLimits {
  /** The policies of routes, in the order in which they became known. */
  List<Versioned<RateLimitPolicy>> list();

  /**
   * Which policies of the store this node cannot enforce, of routes, services and the fleet, by
   * key, each with the reason; empty if all are in force. What was in force before such a policy
   * stays.
   */
  Map<String, String> problems();

  /** The policy of a key. */
  Optional<Versioned<RateLimitPolicy>> get(String policyKey);

  /** Sets a route's policy, see {@link #set(RateLimitPolicy, Long, Actor)}. */
  default Future<Versioned<RateLimitPolicy>> set(RateLimitPolicy policy, Actor actor) {
    return set(policy, null, actor);
  }

  /**
   * Sets or replaces a route's policy. Counters go on: what was used of the old limit is used of
   * the new one, rescaled. A policy for another kind of key begins anew.
   *
   * @param policy its path is a known route's path or key; it is kept under its {@linkplain
   *     RateLimitPolicy#normalized one name}, in the spelling of parameters that is stored already
   * @param ifVersion the version the policy must have, 0 if there must be none, or null for any
   */
  Future<Versioned<RateLimitPolicy>> set(
      RateLimitPolicy policy, @Nullable Long ifVersion, Actor actor);

  /** Takes a policy out of force, see {@link #pause(String, Long, Actor)}. */
  default Future<Versioned<RateLimitPolicy>> pause(String policyKey, Actor actor) {
    return pause(policyKey, null, actor);
  }

  /**
   * Takes a policy out of force and keeps it.
   *
   * @param ifVersion the version the policy must have, or null for any
   */
  Future<Versioned<RateLimitPolicy>> pause(String policyKey, @Nullable Long ifVersion, Actor actor);

  /** Puts a paused policy into force again, see {@link #resume(String, Long, Actor)}. */
  default Future<Versioned<RateLimitPolicy>> resume(String policyKey, Actor actor) {
    return resume(policyKey, null, actor);
  }

  /**
   * Puts a paused policy into force again.
   *
   * @param ifVersion the version the policy must have, or null for any
   */
  Future<Versioned<RateLimitPolicy>> resume(
      String policyKey, @Nullable Long ifVersion, Actor actor);

  /** Deletes a policy, see {@link #delete(String, Long, Actor)}. */
  default Future<Void> delete(String policyKey, Actor actor) {
    return delete(policyKey, null, actor);
  }

  /**
   * Deletes a policy and its counters. One that the code declares comes back when the code is
   * started again: pause it to be rid of it.
   *
   * @param ifVersion the version the policy must have, or null for any
   */
  Future<Void> delete(String policyKey, @Nullable Long ifVersion, Actor actor);

  /** The limit of the whole fleet. */
  WideRateLimit global();

  /** The limit of a service. */
  WideRateLimit service(String service);

  /**
   * Forgets what was counted for a route, on every node. Other routes, also those whose path begins
   * with the same text, keep their counters. Nothing is written if the route has no policy.
   *
   * @param path a route's path or key
   * @param method the method whose limits are meant, be they of a policy for all methods; null or
   *     {@code ALL} for all methods
   */
  Future<Void> reset(String path, @Nullable String method, Actor actor);

  /**
   * Forgets what was counted for one key by a route's policy, on every node.
   *
   * @param key the key as hits show it, {@code ip:192.0.2.1} or {@code user:alice} for instance; of
   *     an IPv6 client any address
   */
  Future<Void> resetKey(String policyKey, String key, Actor actor);

  /** Forgets everything that was counted, on every node. */
  Future<Void> resetAll(Actor actor);

  /** The refusals that match, newest first; those of one key by one limit are one entry. */
  Future<List<RateLimitHit>> hits(HitQuery query);
}
