package io.shield.backend.cluster.impl;

import io.shield.error.InvalidValueException;
import io.shield.internal.MemberCount;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many members must be there: a majority of those configured, or else of the most that the
 * epoch has seen, unless an operator has said since that there are fewer. Used on one event loop.
 */
final class Members {
  private final Membership membership;
  private final @Nullable Integer configured;
  private int most;
  private @Nullable String told;

  Members(Membership membership, @Nullable Integer configured) {
    this.membership = membership;
    this.configured = configured;
  }

  /** Whether a document holds an operator's decision. */
  static boolean isDecision(DocumentKey key) {
    return key.equals(MemberCount.KEY);
  }

  /** What an operator decides with a change, or null. */
  static @Nullable Integer decided(Change change) {
    for (Edit edit : change.edits()) {
      if (isDecision(edit.key()) && edit.value() instanceof OpaqueDocument document) {
        return number(document.content());
      }
    }
    return null;
  }

  private static int number(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new InvalidValueException(MemberCount.KEY.key(), text, "a whole number, at least 1");
  }

  /** Begins to count anew, from so many. */
  void reset(int seen) {
    most = seen;
  }

  /** The most that the epoch has seen. */
  int most(int known) {
    most = Math.max(Math.max(most, known), membership.size());
    return most;
  }

  /** How many there are when all are there. */
  private int all(int known) {
    return configured == null ? most(known) : configured;
  }

  /**
   * What is missing to a majority, for people; null if there is one.
   *
   * @param known the most that the log tells of
   */
  @Nullable String missing(int known) {
    if (!membership.decides()) {
      return null;
    }
    int size = membership.size();
    int needed = all(known) / 2 + 1;
    return size >= needed
        ? null
        : size
            + " of "
            + all(known)
            + " members of the cluster are here, changes need "
            + needed
            + (configured == null ? " (fewer for good: shield store members N)" : "");
  }

  /** As {@link #missing}, for a change that may say how many there are. */
  @Nullable String missing(int known, @Nullable Integer decided) {
    boolean enough = decided != null && configured == null && membership.size() > decided / 2;
    return enough ? null : missing(known);
  }

  /** The warning if it is another one than was asked for last, else null. */
  @Nullable String news() {
    String now = warning();
    boolean same = Objects.equals(now, told);
    told = now;
    return same ? null : now;
  }

  /** What is wrong with the number, for people, or null. May be called from any thread. */
  @Nullable String warning() {
    int size = membership.size();
    return configured == null || size <= configured || !membership.decides()
        ? null
        : size
            + " members are in the cluster, more than the "
            + configured
            + " of SHIELD_CLUSTER_MEMBERS: two halves could both have a majority";
  }
}
