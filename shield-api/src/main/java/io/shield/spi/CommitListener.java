package io.shield.spi;

import io.shield.model.store.Commit;

/**
 * Hears of commits. Called on any thread, one call at a time; must not block and must not throw.
 */
public interface CommitListener {
  /** A commit was accepted. Best effort: some may be missing, none comes before its predecessor. */
  void committed(Commit commit);

  /**
   * Something changed that cannot be told as one commit, or messages may have been lost: look at
   * the store again.
   */
  void outdated();
}
