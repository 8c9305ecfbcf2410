package io.shield.impl.limit;

import io.shield.ShieldChange;
import io.shield.impl.limit.ResetMarks.Mark;
import io.shield.impl.replica.Replica.Observer;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the counter resets that a node finds in the store: those that were asked for, and
 * that of a route that was enabled.
 */
public final class CounterResets implements Observer {
  private final RateLimiting limits;

  public CounterResets(RateLimiting limits) {
    this.limits = limits;
  }

  /** A node that knew nothing before has counted nothing either. */
  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    Snapshot before = change.before();
    Snapshot after = change.after();
    if (before.head().equals(Head.NONE)) {
      return;
    }
    for (DocumentKey key : change.changed()) {
      if (key.kind() == DocumentKind.DOCUMENT) {
        reset(before, after, key.key());
      } else if (key.kind() == DocumentKind.STATE) {
        enabled(before, after, key.key());
      }
    }
  }

  private void reset(Snapshot before, Snapshot after, String document) {
    String scope = ResetMarks.scopeOf(document);
    if (scope == null) {
      return;
    }
    Head head = headOf(after, after.version(DocumentKey.document(document)));
    for (Mark mark : marks(after, document).since(marks(before, document))) {
      if (scope.equals(ResetMarks.ALL)) {
        limits.resetAll(head);
      } else {
        limits.reset(scope, mark.key(), head);
      }
    }
  }

  /** That of the commit which wrote a version, so that all nodes name the same one. */
  private static Head headOf(Snapshot snapshot, long version) {
    return new Head(snapshot.head().epoch(), version, snapshot.head().commitId());
  }

  private static ResetMarks marks(Snapshot snapshot, String document) {
    Versioned<OpaqueDocument> found = snapshot.documents().get(document);
    return ResetMarks.of(found == null ? null : found.value());
  }

  private void enabled(Snapshot before, Snapshot after, String routeKey) {
    RouteState old = before.state(routeKey);
    RouteState now = after.state(routeKey);
    if (old == null
        || now == null
        || old.status() == RouteStatus.ACTIVE
        || now.status() != RouteStatus.ACTIVE) {
      return;
    }
    Head head = headOf(after, now.version());
    for (RateLimitPolicy policy : limiting(after, RouteKey.parse(routeKey))) {
      limits.reset(policy.key(), null, head);
    }
  }

  /** Whether a policy's route may have been enabled since a commit, judged by what is known now. */
  static boolean isEnabledSince(Head then, Snapshot now, String policyKey) {
    Versioned<?> stored = now.policies().get(policyKey);
    return stored != null
        && stored.value() instanceof RateLimitPolicy policy
        && now.states().values().stream()
            .filter(state -> state.version() > then.revision())
            .filter(state -> state.status() == RouteStatus.ACTIVE)
            .map(state -> RouteKey.parse(state.path()))
            .filter(route -> isOfPath(policy, route))
            .anyMatch(route -> limiting(now, route).contains(policy));
  }

  /** The policies that a route's requests are charged to. */
  private static List<RateLimitPolicy> limiting(Snapshot snapshot, RouteKey route) {
    List<RateLimitPolicy> ofPath = RoutePolicies.of(snapshot, policy -> isOfPath(policy, route));
    return RoutePolicies.ofMethod(ofPath, route.method());
  }

  private static boolean isOfPath(RateLimitPolicy policy, RouteKey route) {
    RouteKey limited = RouteKey.parse(policy.path());
    return RoutePolicies.isSamePath(limited, route)
        && (limited.service() == null || limited.service().equals(route.service()));
  }
}
