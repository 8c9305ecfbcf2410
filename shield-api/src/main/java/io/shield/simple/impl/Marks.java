package io.shield.simple.impl;

import org.jspecify.annotations.Nullable;

/**
 * The two places every change passes. If both stood still, no change began or ended.
 *
 * @param head the id of the last commit, or null
 * @param journal the id of the commit being written, or null
 */
record Marks(@Nullable String head, @Nullable String journal) {
  static Marks of(@Nullable HeadState head, @Nullable Journal journal) {
    return new Marks(
        head == null ? null : head.head().commitId(),
        journal == null ? null : journal.commit().head().commitId());
  }
}
