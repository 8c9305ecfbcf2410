package io.shield.impl.limit;

import io.shield.decision.Cidr;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.error.UnknownPolicyException;
import io.shield.error.VersionMismatchException;
import io.shield.impl.change.Audits;
import io.shield.impl.change.Plan;
import io.shield.internal.ReservedStates;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Plans changes of one rate-limit policy, of a route, a service or the fleet, in the name of an
 * actor.
 *
 * @param key the policy's document
 * @param actor who makes the change
 * @param now when
 */
public record PolicyPlans(DocumentKey key, Actor actor, Instant now) {
  private static final String GLOBAL_PATH = "__global_rl__";

  /** Refuses the policy of a route that cannot be enforced. */
  public static void check(RateLimitPolicy policy) {
    policy.exemptIps().forEach(block -> Cidr.parse("exempt_ips", block));
    RateLimiting.check(policy);
  }

  /** Refuses the policy of the fleet or of a service that cannot be enforced. */
  public static void check(GlobalRateLimitPolicy policy) {
    policy.exemptRoutes().forEach(PolicyPlans::checkExempt);
    RateLimiting.check(policy);
  }

  private static void checkExempt(String route) {
    try {
      RouteKey.parse(route);
    } catch (InvalidValueException notAKey) {
      throw new InvalidValueException(
          "exempt_routes", route, "a path such as /health, or a route key such as GET:/health");
    }
  }

  /** Writes the policy, as new or instead of what is there. */
  public Plan set(Snapshot snapshot, DocumentValue policy, @Nullable Long ifVersion) {
    check(snapshot, ifVersion);
    DocumentValue before = snapshot.value(key);
    return write(snapshot, policy, before == null ? "set" : "updated", summary(policy));
  }

  /** Writes what becomes of the policy that is there; nothing if it stays the same. */
  public Plan change(
      Snapshot snapshot,
      @Nullable Long ifVersion,
      UnaryOperator<DocumentValue> step,
      String verb,
      String reason) {
    check(snapshot, ifVersion);
    DocumentValue before = existing(snapshot);
    DocumentValue after = step.apply(before);
    if (after.equals(before)) {
      return new Plan(
          List.of(), List.of(), List.of(new Plan.Result(key, before, snapshot.version(key))));
    }
    return write(snapshot, after, verb, reason);
  }

  private Plan write(Snapshot snapshot, DocumentValue policy, String verb, String reason) {
    DocumentValue before = snapshot.value(key);
    long version = snapshot.version(key);
    List<FieldChange> changes = before == null ? List.of() : Audits.changes(before, policy);
    return new Plan(
        List.of(new Edit(key, version, policy)),
        List.of(entry(verb, reason, changes)),
        List.of(new Plan.Result(key, policy, version)));
  }

  /** Deletes the policy and what is remembered of its resets. */
  public Plan delete(Snapshot snapshot, @Nullable Long ifVersion) {
    check(snapshot, ifVersion);
    existing(snapshot);
    List<Edit> edits = new ArrayList<>();
    edits.add(new Edit(key, snapshot.version(key), null));
    DocumentKey resets = ResetMarks.documentOf(key.key());
    if (snapshot.version(resets) > 0) {
      edits.add(new Edit(resets, snapshot.version(resets), null));
    }
    return new Plan(edits, List.of(entry("deleted", "", List.of())), List.of());
  }

  /** Resets the counters of the policy. */
  public Plan reset(Snapshot snapshot) {
    return reset(snapshot, "", ResetMarks.edit(snapshot, key.key()));
  }

  /** Resets the counters of some keys, the first of which is told. */
  public Plan reset(Snapshot snapshot, List<String> counters) {
    return reset(
        snapshot, "key " + counters.get(0), ResetMarks.edit(snapshot, key.key(), counters));
  }

  private Plan reset(Snapshot snapshot, String reason, Edit edit) {
    existing(snapshot);
    return new Plan(List.of(edit), List.of(entry("reset", reason, List.of())), List.of());
  }

  private DocumentValue existing(Snapshot snapshot) {
    DocumentValue value = snapshot.value(key);
    if (value == null) {
      throw new UnknownPolicyException(key.key());
    }
    return value;
  }

  private void check(Snapshot snapshot, @Nullable Long ifVersion) {
    long actual = snapshot.version(key);
    if (ifVersion != null && ifVersion != actual) {
      throw new VersionMismatchException(key.toString(), ifVersion, actual);
    }
  }

  private AuditEntry entry(String verb, String reason, List<FieldChange> changes) {
    return Audits.entry(
        key.equals(DocumentKey.globalRateLimit()) ? GLOBAL_PATH : key.key(),
        ReservedStates.serviceOf(key.key()),
        action(verb),
        reason,
        actor,
        null,
        null,
        changes,
        now);
  }

  private String action(String verb) {
    if (key.equals(DocumentKey.globalRateLimit())) {
      return AuditAction.GLOBAL_RL + verb;
    }
    if (key.isReserved()) {
      return AuditAction.SVC_RL + verb;
    }
    return verb.equals("reset") ? AuditAction.RL_RESET : "rl_policy_" + verb;
  }

  /** The policy in a few words, as the original's audit log shows it. */
  private static String summary(DocumentValue policy) {
    if (policy instanceof RateLimitPolicy route) {
      return words(route.limit(), route.algorithm().wireName(), route.keyStrategy().wireName());
    }
    GlobalRateLimitPolicy wide = (GlobalRateLimitPolicy) policy;
    return words(wide.limit(), wide.algorithm().wireName(), wide.keyStrategy().wireName());
  }

  private static String words(String limit, String algorithm, String key) {
    return limit + " \u00b7 " + algorithm + " \u00b7 " + key;
  }

  /**
   * What a plan wrote, with its version.
   *
   * @throws ShieldException if it is stored and cannot be enforced
   */
  public static <T extends DocumentValue> Versioned<T> written(
      Class<T> type, List<Plan.Result> results, RateLimiting limits) {
    Plan.Result result = results.get(0);
    String problem = limits.problems().get(result.key().key());
    if (problem != null) {
      throw new ShieldException(
          "the rate limit " + result.key().key() + " is stored but not in force: " + problem);
    }
    return new Versioned<>(type.cast(result.value()), result.version());
  }
}
