package io.shield.impl.change;

import io.shield.model.store.Snapshot;

/** Works out a plan; asked again with a newer snapshot when the first one lost a race. */
@FunctionalInterface
public interface Planner {
  /**
   * The plan for a snapshot.
   *
   * @throws io.shield.error.ShieldException if what is asked for is not possible
   */
  Plan plan(Snapshot snapshot);
}
