package io.shield.internal;

import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.model.store.Snapshot;

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

  GateRules withBypass(boolean value) {
    return new GateRules(snapshot, site, closedUntilLoaded, value);
  }
}
