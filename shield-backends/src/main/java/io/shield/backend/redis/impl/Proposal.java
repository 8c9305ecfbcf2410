package io.shield.backend.redis.impl;

import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the commit script is asked to write.
 *
 * @param change the change
 * @param commitId the id of its commit
 * @param seen what is to be under a document's key, if not what Shield wrote last
 * @param reworded what shall be said in other words in the same step
 * @param replaced of an audit entry's id the entry of others in whose place it stands
 * @param mending whether it makes good for versions that were lost
 */
record Proposal(
    Change change,
    String commitId,
    Map<DocumentKey, String> seen,
    List<Wording.Reworded> reworded,
    Map<String, String> replaced,
    boolean mending) {

  /** A change of this node's. */
  static Proposal of(
      Change change, Map<DocumentKey, String> seen, List<Wording.Reworded> reworded) {
    return new Proposal(change, randomId(), seen, reworded, Map.of(), false);
  }

  /** What others wrote. */
  static Proposal of(ForeignAudit.Told told, Map<DocumentKey, String> seen, boolean mending) {
    return new Proposal(told.change(), randomId(), seen, List.of(), told.replaced(), mending);
  }

  private static String randomId() {
    return UUID.randomUUID().toString();
  }
}
