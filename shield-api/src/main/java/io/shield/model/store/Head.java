package io.shield.model.store;

import io.shield.internal.value.Checks;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is: the last commit it accepted.
 *
 * @param epoch the lineage of the store, new after every reseed
 * @param revision the number of the last commit, at least 1; 0 only in {@link #NONE}
 * @param commitId the random id of the last commit, so that two histories of one length differ
 */
public record Head(String epoch, long revision, String commitId) {
  /** The head of a node that has not loaded its store yet. */
  public static final Head NONE = new Head("none", 0, "none");

  public Head {
    Checks.nonEmptyLine("epoch", epoch, 100);
    Checks.atLeast("revision", revision, 0);
    Checks.nonEmptyLine("commit_id", commitId, 100);
  }

  // Written out, as those of DocumentKey are: linking what the compiler would make for a record
  // takes a tenth of a second of an application's start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Head head
        && revision == head.revision
        && epoch.equals(head.epoch)
        && commitId.equals(head.commitId);
  }

  @Override
  public int hashCode() {
    return 31 * commitId.hashCode() + Long.hashCode(revision);
  }
}
