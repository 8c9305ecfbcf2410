package io.shield.internal;

import io.shield.error.InvalidValueException;
import io.shield.model.store.DocumentKey;

/** How many members a cluster has when all are there, as an operator decided. */
public final class MemberCount {
  /** The document that holds the decision. */
  public static final DocumentKey KEY = DocumentKey.document("cluster:members");

  private static final int MOST = 1000;

  private MemberCount() {}

  /**
   * Checks a number.
   *
   * @throws InvalidValueException if a cluster cannot have so many
   */
  public static int check(long count) {
    if (count < 1 || count > MOST) {
      throw new InvalidValueException("members", count, "a whole number between 1 and " + MOST);
    }
    return (int) count;
  }
}
