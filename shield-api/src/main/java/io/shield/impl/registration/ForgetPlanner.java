package io.shield.impl.registration;

import io.shield.decision.Decider;
import io.shield.decision.EffectiveStatus;
import io.shield.error.ChangeConflictException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.impl.change.Audits;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Plan.Planner;
import io.shield.impl.change.RouteResolver;
import io.shield.impl.limit.PolicyPlans;
import io.shield.impl.limit.RoutePolicies;
import io.shield.internal.ReservedStates.EdgeDocuments;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Plans the removal of all that is stored of one route.
 *
 * @param isDeclared whether this process declares a key
 * @param force whether it is forgotten whatever speaks against it
 */
public record ForgetPlanner(
    String route,
    Predicate<String> isDeclared,
    boolean force,
    @Nullable Long ifVersion,
    Actor actor,
    String reason,
    Instant now)
    implements Planner {
  @Override
  public Plan plan(Snapshot snapshot) {
    RouteState state = RouteResolver.resolve(snapshot, route);
    if (state.version() == 0) {
      throw new UnknownRouteException(route, List.of());
    }
    if (ifVersion != null && ifVersion != state.version()) {
      throw new VersionMismatchException(state.path(), ifVersion, state.version());
    }
    if (!force) {
      checkGone(snapshot, state);
    }
    List<Edit> edits = new ArrayList<>();
    DocumentKey key = DocumentKey.state(state.path());
    edits.add(new Edit(key, state.version(), null));
    DocumentKey edge = EdgeDocuments.of(state.path());
    if (snapshot.version(edge) > 0) {
      edits.add(new Edit(edge, snapshot.version(edge), null));
    }
    edits.addAll(DeclarationDays.without(snapshot, state.path()));
    Plan plan =
        new Plan(
            edits, List.of(entry(state)), List.of(new Plan.Result(key, state, state.version())));
    for (RateLimitPolicy policy : policiesOf(snapshot, state.key())) {
      DocumentKey limit = DocumentKey.policy(policy.key());
      plan = plan.and(new PolicyPlans(limit, actor, now).delete(snapshot, null));
    }
    return plan;
  }

  /**
   * The limits of a route, however they spell its parameters. One of all methods has those of
   * methods too that have no state of their own.
   */
  private static List<RateLimitPolicy> policiesOf(Snapshot snapshot, RouteKey route) {
    return RoutePolicies.of(snapshot, policy -> isOf(snapshot, policy, route));
  }

  private static boolean isOf(Snapshot snapshot, RateLimitPolicy policy, RouteKey route) {
    RouteKey limited = RouteKey.parse(policy.path());
    if (!RoutePolicies.isSamePath(limited, route)
        || !Objects.equals(limited.service(), route.service())) {
      return false;
    }
    if (policy.method().equals(RateLimitPolicy.ALL_METHODS)) {
      return route.method() == null;
    }
    return policy.method().equals(route.method())
        || (route.method() == null
            && Decider.stateOf(snapshot, route.withMethod(policy.method()).toString()) == null);
  }

  private void checkGone(Snapshot snapshot, RouteState state) {
    DeclarationDays declared = DeclarationDays.of(snapshot);
    RouteStatus status = EffectiveStatus.at(state, now);
    if (isDeclared.test(state.path())) {
      throw refused(state, "the code that runs here declares it");
    }
    if (declared.isFresh(state.path(), now)) {
      throw refused(state, "running code declared it on " + declared.day(state.path()));
    }
    if (status != RouteStatus.ACTIVE) {
      throw refused(state, "it is " + status.wireName() + ", and what it closes would be open");
    }
    EffectiveStatus.Edge next = EffectiveStatus.nextEdge(state, now);
    if (next != null) {
      throw refused(state, "it is " + next.next().wireName() + " from " + next.at() + " on");
    }
  }

  private static ChangeConflictException refused(RouteState state, String why) {
    return new ChangeConflictException(
        "Route '" + state.path() + "' is not forgotten: " + why + ". Force it if that is meant.");
  }

  private AuditEntry entry(RouteState state) {
    return Audits.entry(
            state.path(),
            Audits.serviceOf(state),
            AuditAction.FORGET,
            reason,
            actor,
            state.status(),
            null,
            List.of(),
            now)
        .withEffective(EffectiveStatus.at(state, now), null);
  }
}
