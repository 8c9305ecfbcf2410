package io.shield.internal.gate;

import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * Everything verdicts are compiled from.
 *
 * @param snapshot the state in force
 * @param site where it is enforced
 * @param closedUntilLoaded whether routes are closed because the store was not read yet
 * @param bypassed whether nothing is enforced
 */
record GateRules(Snapshot snapshot, Site site, boolean closedUntilLoaded, boolean bypassed) {
  /** What clients are told when a cold start keeps routes closed. */
  static final Decision.Refusal STARTING =
      new Decision.Maintenance(Decision.Scope.GLOBAL, "starting", null);

  /** What decides here about a method of a template that a state governs, or none. */
  Decider.Ruling rule(
      Site where, @Nullable String method, String template, @Nullable RouteState state) {
    boolean starting = closedUntilLoaded && where.equals(site);
    return Decider.rule(snapshot, where, starting ? STARTING : null, method, template, state);
  }

  /** What decides in this process about a method of a template. */
  Decider.Ruling ruling(@Nullable HttpMethod method, String template) {
    String name = method == null ? null : method.name();
    return rule(site, name, template, Decider.stateOf(snapshot, name, template));
  }

  GateRules withBypass(boolean value) {
    return new GateRules(snapshot, site, closedUntilLoaded, value);
  }
}
