package io.shield.impl.change;

import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.impl.change.Plan.Planner;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A planner that remembers where the copy was by which there was nothing to write: because what was
 * asked for is so already, or because it is not possible. Confined to the engine's context.
 */
public final class JudgedPlanner implements Planner {
  private final Planner planner;
  private @Nullable Head judged;

  public JudgedPlanner(Planner planner) {
    this.planner = planner;
  }

  /** The head of the copy that the last plan had nothing to write for; null if it had. */
  public @Nullable Head judged() {
    return judged;
  }

  @Override
  public Plan plan(Snapshot snapshot) {
    judged = null;
    try {
      Plan plan = planner.plan(snapshot);
      judged = plan.isEmpty() ? snapshot.head() : null;
      return plan;
    } catch (InvalidValueException whateverTheStoreHolds) {
      throw whateverTheStoreHolds;
    } catch (ShieldException refused) {
      judged = snapshot.head();
      throw refused;
    }
  }
}
