package io.shield.model.store;

import io.shield.internal.value.Checks;

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
}
