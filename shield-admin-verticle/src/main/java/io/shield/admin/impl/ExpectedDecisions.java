package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals;
import io.shield.internal.Meters;
import io.shield.internal.gate.InForce;
import io.shield.internal.value.Parameters;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the decisions of routes that may refuse counted from 0 on, so that the first refusal is seen
 * as an increase: routes that are not active, have a planned window, or are limited. The routes of
 * other services are not this process's to count. Confined to the context of the engine.
 */
final class ExpectedDecisions {
  private static final Logger LOG = LoggerFactory.getLogger(ExpectedDecisions.class);

  /** How many series are made before there was a request. */
  static final int MOST_SERIES = 5_000;

  private final EngineInternals internals;
  private final Set<RouteKey> expected = new HashSet<>();
  private int series;
  private boolean full;

  private ExpectedDecisions(EngineInternals internals) {
    this.internals = internals;
  }

  /** From now on, as long as the engine runs. */
  static void of(ShieldEngine engine, EngineInternals internals) {
    ExpectedDecisions decisions = new ExpectedDecisions(internals);
    engine.onChange(decisions::changed);
    Snapshot now = engine.snapshot();
    decisions.look(now, now.states().values(), now.policies().keySet());
  }

  private void changed(ShieldChange change) {
    Snapshot now = change.after();
    boolean wide =
        change.changed().stream()
            .anyMatch(key -> key.kind() == DocumentKind.MAINTENANCE || isWideLimit(key));
    Collection<RouteState> routes =
        wide
            ? now.states().values()
            : change.routes().stream()
                .flatMap(route -> Stream.ofNullable(now.states().get(route)))
                .toList();
    List<String> policies =
        change.changed().stream()
            .filter(key -> key.kind() == DocumentKind.POLICY && !isWideLimit(key))
            .map(DocumentKey::key)
            .filter(now.policies()::containsKey)
            .toList();
    look(now, routes, policies);
  }

  private static boolean isWideLimit(DocumentKey key) {
    return key.kind() == DocumentKind.POLICY && key.isReserved();
  }

  private synchronized void look(
      Snapshot now, Collection<RouteState> routes, Collection<String> policies) {
    Instant instant = internals.clock().instant();
    boolean limited = isEverythingLimited(now);
    for (RouteState state : routes) {
      if (limited || isWatched(state, instant)) {
        expect(RouteKey.parse(state.path()));
      }
    }
    for (String key : policies) {
      Versioned<DocumentValue> stored = now.policies().get(key);
      if (stored != null && stored.value() instanceof RateLimitPolicy policy && policy.enabled()) {
        RouteKey route = RouteKey.parse(policy.path());
        boolean all = policy.method().equals(RateLimitPolicy.ALL_METHODS);
        expect(all || route.method() != null ? route : route.withMethod(policy.method()));
      }
    }
  }

  private static boolean isEverythingLimited(Snapshot now) {
    return now.policies().values().stream()
        .anyMatch(each -> each.value() instanceof GlobalRateLimitPolicy wide && wide.enabled());
  }

  private boolean isWatched(RouteState state, Instant now) {
    return state.status() != RouteStatus.ACTIVE
        || !state.windows().isEmpty()
        || InForce.of(internals.gates(), state, now).isClosed();
  }

  /** A router spells parameters as Vert.x does, whatever the store has. */
  private void expect(RouteKey stored) {
    RouteKey route = RouteKey.parse(Parameters.colons(stored.toString()));
    if (route.service() != null || expected.contains(route)) {
      return;
    }
    int more = Meters.counters(route.method());
    if (series + more > MOST_SERIES) {
      if (!full) {
        full = true;
        LOG.info(
            "More than {} series of decisions would be at 0: further ones begin with a request",
            MOST_SERIES);
      }
      return;
    }
    series += more;
    expected.add(route);
    internals.meters().expect(route.path(), route.method());
  }
}
