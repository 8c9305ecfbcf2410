package io.shield.impl;

import io.shield.fixtures.history.HistoryChecker.Invariant;

/** What can be wrong in a simulation, and the invariant that breaks then. */
enum PlantedBug {
  /** A node loads before its subscription is there. */
  LOAD_BEFORE_SUBSCRIBE(Invariant.COPIES_EQUAL_STORE),
  /** A node applies whatever commit it hears of to what it holds. */
  NO_PREDECESSOR_CHECK(Invariant.ONE_CONTENT_PER_HEAD),
  /** A node adds what it loads to what it holds. */
  MERGE_INSTEAD_OF_REPLACE(Invariant.ONE_CONTENT_PER_HEAD),
  /** The store writes audit entries in a second step, which may be lost. */
  AUDIT_OUTSIDE_THE_STEP(Invariant.AUDIT_MATCHES_COMMITS),
  /** The store does not compare versions. */
  NO_COMPARE_AND_SET(Invariant.ONE_WINNER_PER_VERSION),
  /** The store does not remember request ids. */
  IDS_FORGOTTEN(Invariant.OUTCOMES_ARE_TRUE),
  /** A node follows a store that was set back. */
  AN_OLDER_STORE_IS_BELIEVED(Invariant.LOST_DATA_RAISES_ALARM),
  /** The store was set back and went on past what a node holds, and the node follows it. */
  LINEAGE_NOT_COMPARED(Invariant.LOST_DATA_RAISES_ALARM),
  /** What a node knew at its last end is enforced when it has loaded already. */
  WHAT_IS_REMEMBERED_COMES_LATE(Invariant.NO_READER_GOES_BACK),
  /** Who hears of a change after an observer that throws does not hear of it. */
  ONE_OBSERVER_SILENCES_ALL(Invariant.COPIES_EQUAL_STORE);

  private final Invariant breaks;

  PlantedBug(Invariant breaks) {
    this.breaks = breaks;
  }

  /** What the checker must find broken; other invariants may break too. */
  Invariant breaks() {
    return breaks;
  }
}
