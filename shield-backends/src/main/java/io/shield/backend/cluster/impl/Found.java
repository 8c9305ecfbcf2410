package io.shield.backend.cluster.impl;

import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.Lineage.Descent;
import org.jspecify.annotations.Nullable;

/**
 * What was found in the log.
 *
 * @param view what it comes to, as far as its entries follow each other; null if it has no begin
 * @param beyond the last of the entries that do not follow; null if all do
 */
record Found(@Nullable View view, @Nullable Head beyond) {
  static final Found NOTHING = new Found(null, null);

  boolean isEmpty() {
    return view == null && beyond == null;
  }

  /** Where the log is: at its last entry, whether that follows or not. */
  Head head() {
    if (beyond != null) {
      return beyond;
    }
    return view == null ? Head.NONE : view.head();
  }

  /** Whether all of it can have become of what a node knows. */
  boolean followsFrom(Head known) {
    return view != null && beyond == null && view.followsFrom(known);
  }

  /** The number of the first key that is free behind all entries. */
  long free() {
    if (beyond != null) {
      return beyond.revision() + 1;
    }
    return view == null ? 1 : view.next();
  }

  /** The documents, under the head of the last entry. */
  Snapshot snapshot() {
    if (view == null) {
      return Snapshot.empty(head());
    }
    return beyond == null ? view.snapshot() : Snapshot.of(beyond, view.snapshot().content());
  }

  Descent descent(Head earlier, Head later) {
    return beyond != null || view == null || view.descentFrom(later) != Descent.PROVEN
        ? Descent.DENIED
        : view.descentFrom(earlier);
  }
}
