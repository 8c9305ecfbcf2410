package io.shield.impl.replica;

import io.shield.ShieldChange;
import io.shield.model.store.Commit;
import org.jspecify.annotations.Nullable;

/** Hears of every snapshot that comes into force, on the engine's context, in order. */
@FunctionalInterface
public interface SnapshotObserver {
  /**
   * A snapshot is in force. One that throws is called again next time, and so are all others.
   *
   * @param change what became of what; without audit entries if it was read as a whole
   * @param commit the commit that brought it; null if it was read as a whole, which cannot tell
   */
  void inForce(ShieldChange change, @Nullable Commit commit);
}
