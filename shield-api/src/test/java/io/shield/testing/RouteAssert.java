package io.shield.testing;

import io.shield.ShieldEngine;
import io.shield.decision.Caller;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.RefusalKind;
import io.shield.internal.EngineInternals;
import io.shield.model.RouteKey;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * What requests of one route get at the time of the engine's clock. Rate limits are left aside:
 * what they decide depends on who asked before, and is seen by sending requests.
 */
public final class RouteAssert extends AbstractAssert<RouteAssert, ShieldEngine> {
  private final String key;
  private Caller caller = Caller.UNKNOWN;

  RouteAssert(ShieldEngine engine, String key) {
    super(engine, RouteAssert.class);
    this.key = key;
  }

  /** Goes on with the requests of one caller; nobody in particular unless said otherwise. */
  public RouteAssert calledBy(Caller value) {
    caller = value;
    return this;
  }

  /** Checks that requests reach the route. */
  public RouteAssert isOpen() {
    if (decision() instanceof Decision.Refusal refusal) {
      throw failure("expected %s to be open, but it is refused: %s", key, refusal);
    }
    return this;
  }

  /** Checks that requests are served with a notice of deprecation. */
  public RouteAssert isDeprecated() {
    Decision decision = decision();
    if (!(decision instanceof Decision.Allow allow) || allow.deprecation() == null) {
      throw failure("expected %s to be deprecated, but it gets %s", key, decision);
    }
    return this;
  }

  /** Checks that requests are refused. */
  public RouteAssert isRefused(RefusalKind kind) {
    refusal(kind);
    return this;
  }

  /** Checks that requests are refused, and that they are told why. */
  public RouteAssert isRefused(RefusalKind kind, String reason) {
    Decision.Refusal refusal = refusal(kind);
    String told = reason(refusal);
    if (!reason.equals(told)) {
      throw failure("expected the reason of %s to be '%s', but it is '%s'", key, reason, told);
    }
    return this;
  }

  private Decision.Refusal refusal(RefusalKind kind) {
    Decision decision = decision();
    if (decision instanceof Decision.Refusal refusal && refusal.kind() == kind) {
      return refusal;
    }
    throw failure("expected %s to be refused by %s, but it gets %s", key, kind, decision);
  }

  private static @Nullable String reason(Decision.Refusal refusal) {
    if (refusal instanceof Decision.Maintenance maintenance) {
      return maintenance.reason();
    }
    return refusal instanceof Decision.Disabled disabled ? disabled.reason() : null;
  }

  private Decision decision() {
    EngineInternals engine = EngineInternals.of(actual);
    if (engine.gates().isBypassed()) {
      return Decision.ALLOW;
    }
    // Takes in what routers declared since: without that it would wait for their first request.
    engine.unguarded();
    RouteKey route = RouteKey.parse(key);
    Decider.Request request = new Decider.Request(route.method(), route.path(), caller);
    return Decider.decide(actual.snapshot(), actual.site(), request, engine.clock().instant());
  }
}
