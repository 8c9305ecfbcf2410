package io.shield.backend.file.impl;

import io.shield.model.store.Change;
import io.shield.model.store.Head;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds and how the main file was found.
 *
 * @param base the image to put changes into
 * @param seen the main file
 * @param foreign content that others wrote, which is to be taken over; null if there is none
 * @param adoption how it differs from the base; null if there is none
 * @param fresh whether the base was never written
 * @param sideHead the head of the side file; null if there is none or it was not looked at
 */
record Standing(
    Image base,
    Seen seen,
    @Nullable Content foreign,
    @Nullable Adoption adoption,
    boolean fresh,
    @Nullable Head sideHead) {

  static Standing of(Image base, Seen seen) {
    return of(base, seen, null);
  }

  static Standing of(Image base, Seen seen, @Nullable SideCopy side) {
    return new Standing(base, seen, null, null, false, head(side));
  }

  static Standing fresh(Image base, Seen seen) {
    return new Standing(base, seen, null, null, true, null);
  }

  /** Content that others wrote, and how it differs from the base. */
  static Standing foreign(
      Image base, Seen seen, Content foreign, Adoption adoption, @Nullable SideCopy side) {
    return new Standing(base, seen, foreign, adoption, false, head(side));
  }

  private static @Nullable Head head(@Nullable SideCopy side) {
    return side == null ? null : side.image().head();
  }

  /** A draft on the base, with the adoption as its first commit. */
  Draft draft() {
    Draft draft = new Draft(base);
    if (foreign != null) {
      draft.carry(foreign);
    }
    Change adopted = adopted();
    if (adopted != null) {
      draft.append(adopted);
    }
    return draft;
  }

  /**
   * Whether the file holds what Shield does not believe, or not all that it must have, so that it
   * is written again.
   */
  boolean isToBeWritten() {
    return (adoption != null && !adoption.keptOut().isEmpty())
        || (foreign != null && foreign.lacking());
  }

  /** Whether the original has changed something that it has not logged yet. */
  boolean isUnlogged() {
    return adoption != null && adoption.unlogged();
  }

  /** The change that takes over what others wrote; null if there is none. */
  @Nullable Change adopted() {
    return adoption == null ? null : adoption.change();
  }
}
