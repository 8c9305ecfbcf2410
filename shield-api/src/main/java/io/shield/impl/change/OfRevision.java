package io.shield.impl.change;

import io.shield.error.VersionMismatchException;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.util.List;

/**
 * Plans what is meant for a store at one revision only. All such changes write one document as
 * well, so that of two that saw the same revision, be it at two nodes and of different entries, one
 * is made.
 *
 * @param planner plans the change
 * @param revision the revision that its maker saw
 * @param takesTurns whether that document may be written: a service at its server writes its own
 *     documents only
 */
public record OfRevision(Plan.Planner planner, long revision, boolean takesTurns)
    implements Plan.Planner {
  private static final DocumentKey TURN = DocumentKey.document("turn");
  private static final OpaqueDocument TAKEN = new OpaqueDocument("{}");

  @Override
  public Plan plan(Snapshot snapshot) {
    long actual = snapshot.head().revision();
    if (actual != revision) {
      throw new VersionMismatchException("the store", revision, actual);
    }
    Plan plan = planner.plan(snapshot);
    if (!takesTurns || plan.isEmpty()) {
      return plan;
    }
    Edit turn = new Edit(TURN, snapshot.version(TURN), TAKEN);
    return plan.and(new Plan(List.of(turn), List.of(), List.of()));
  }
}
