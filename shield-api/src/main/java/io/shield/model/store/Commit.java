package io.shield.model.store;

import java.util.Objects;

/**
 * An accepted change.
 *
 * @param head where it put the store
 * @param predecessor the commit id of the head before it
 * @param change what was accepted; its audit entries carry the commit's revision
 */
public record Commit(Head head, String predecessor, Change change) {
  public Commit {
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(predecessor, "predecessor");
    Objects.requireNonNull(change, "change");
  }

  /** The commit that follows {@code current} with the given id. */
  public static Commit following(Head current, String commitId, Change change) {
    Head next = new Head(current.epoch(), current.revision() + 1, commitId);
    Change stamped =
        new Change(
            change.requestId(),
            change.edits(),
            change.audit().stream().map(entry -> entry.withRevision(next.revision())).toList());
    return new Commit(next, current.commitId(), stamped);
  }
}
