package io.shield.contract;

/** What can be wrong with a {@link FaultyBackend}, and the test that must notice. */
enum Fault {
  /** Versions are not compared. */
  NO_COMPARE_AND_SET("ofConcurrentWritersOnOneVersionExactlyOneWins"),
  /** Versions are compared first and written in a second step. */
  COMPARE_THEN_SET("ofConcurrentWritersOnOneVersionExactlyOneWins"),
  /** Of a change of several documents those that fit are written. */
  HALF_A_CHANGE("aChangeOfSeveralDocumentsIsAllOrNothing"),
  /** The audit entries are written before the change is checked. */
  AUDIT_OUTSIDE_THE_STEP("aChangeOfSeveralDocumentsIsAllOrNothing"),
  /** Only the first lost race is told. */
  FIRST_CONFLICT_ONLY("aChangeOfSeveralDocumentsIsAllOrNothing"),
  /** The other side of a conflict is not told. */
  CONFLICT_WITHOUT_VALUE("aStaleVersionIsRefusedAndBothSidesAreTold"),
  /** Request ids are not remembered. */
  IDS_FORGOTTEN("aRepeatedRequestCommitsOnce"),
  /** Only the last request id is remembered. */
  LAST_ID_ONLY("aRepeatedRequestCommitsOnce"),
  /** Request ids are remembered until the store is reopened. */
  IDS_IN_MEMORY_ONLY("aRequestRepeatedAfterAReopeningCommitsOnce"),
  /** Request ids are remembered for nine minutes. */
  IDS_FORGOTTEN_EARLY("anIdIsRememberedForTenMinutes"),
  /** A refused request id is taken for an accepted one. */
  REFUSED_ID_KEPT("anIdThatWasRefusedIsFree"),
  /** Each document counts its own versions, from 1 again after a deletion. */
  VERSION_REUSED("noVersionReturnsAfterADeletion"),
  /** A deletion leaves the document. */
  DELETION_IGNORED("noVersionReturnsAfterADeletion"),
  /** A commit names its own id as its predecessor. */
  WRONG_PREDECESSOR("eachCommitRaisesTheRevisionByOneAndNamesItsPredecessor"),
  /** A commit without edits does not raise the revision. */
  AUDIT_WITHOUT_REVISION("eachCommitRaisesTheRevisionByOneAndNamesItsPredecessor"),
  /** Keys are told apart by their letters and digits only. */
  KEYS_SIMPLIFIED("keysThatLookAlikeAreDifferentDocuments"),
  /** The kind is not part of the key. */
  KIND_IGNORED("theSameKeyInTwoKindsIsTwoDocuments"),
  /** A field of a state is lost. */
  FIELD_LOST("everyKindOfDocumentComesBackAsItWasWritten"),
  /** Times are cut to milliseconds. */
  TIMES_CUT("everyKindOfDocumentComesBackAsItWasWritten"),
  /** Audit entries do not carry the revision. */
  AUDIT_UNSTAMPED("anAuditEntryComesBackAsItWasWrittenWithItsRevision"),
  /** The audit log is oldest first. */
  AUDIT_OLDEST_FIRST("theAuditLogIsNewestFirstInTheOrderOfCommits"),
  /** The limit applies before the filters. */
  LIMIT_BEFORE_FILTERS("filtersComeBeforeOffsetAndLimit"),
  /** Offset counts entries that do not match. */
  OFFSET_BEFORE_FILTERS("filtersComeBeforeOffsetAndLimit"),
  /** A cancelled listener goes on hearing. */
  CANCEL_IGNORED("nothingIsToldAfterACancellation"),
  /** A listener that throws ends the telling. */
  LISTENER_STOPS_OTHERS("aListenerThatThrowsHindersNobody"),
  /** Each commit is told before the one it follows. */
  TOLD_OUT_OF_ORDER("everyCommitIsToldInOrder"),
  /** A repeated commit is told again. */
  TOLD_TWICE("whatIsRefusedOrRepeatedIsNotTold"),
  /** What is loaded is what this backend knew when it was opened, and wrote itself. */
  OWN_CACHE_BELIEVED("backendsOnOneStoreSeeEachOthersCommits"),
  /** Closing one backend closes the store for all. */
  SHUTDOWN_FOR_ALL("closingOneBackendLeavesTheOthersOpen"),
  /** The audit log is gone when the store is reopened. */
  AUDIT_IN_MEMORY_ONLY("aReopenedStoreHasEverything"),
  /** Every store starts with the same head. */
  CONSTANT_EPOCH("twoFreshStoresHaveDifferentHeads"),
  /** A new epoch does not name the one the operator held. */
  PARENT_FORGOTTEN("anAdoptedStoreKeepsItsContentInANewEpoch"),
  /** What a reseeded store held before stays. */
  RESEEDED_ON_TOP("aReseededStoreHoldsWhatItWasGivenAndNothingElse"),
  /** A store that has moved since it was looked at is renewed all the same. */
  RENEWED_THOUGH_MOVED("aStoreThatHasMovedIsNotRenewed");

  private final String caughtBy;

  Fault(String caughtBy) {
    this.caughtBy = caughtBy;
  }

  /** The name of a test method that fails. */
  String caughtBy() {
    return caughtBy;
  }
}
