package io.shield.spi;

import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.VersionConflict;
import java.util.List;
import java.util.Objects;

/** What became of a change. */
public sealed interface CommitResult {
  /**
   * It was written.
   *
   * @param commit the commit that holds it
   */
  record Accepted(Commit commit) implements CommitResult {
    public Accepted {
      Objects.requireNonNull(commit, "commit");
    }
  }

  /**
   * Nothing was written, because documents had other versions than the change expected.
   *
   * @param head where the store is
   * @param conflicts every document concerned, at least one
   */
  record Conflict(Head head, List<VersionConflict> conflicts) implements CommitResult {
    public Conflict {
      Objects.requireNonNull(head, "head");
      conflicts = List.copyOf(conflicts);
    }
  }
}
