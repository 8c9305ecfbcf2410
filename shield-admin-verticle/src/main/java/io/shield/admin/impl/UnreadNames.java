package io.shield.admin.impl;

import io.shield.error.InvalidValueException;
import io.shield.internal.NearNames;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is to become of a name in a call that the call does not read. */
final class UnreadNames {
  private static final int NEAR = 2;
  private static final int SHORT = 3;

  private UnreadNames() {}

  /** The name that was probably meant; null if none is like it. */
  static @Nullable String meant(String name, Set<String> known) {
    for (String near : NearNames.of(name, known, NEAR)) {
      if (near.length() > SHORT || !NearNames.of(name, Set.of(near), 1).isEmpty()) {
        return near;
      }
    }
    return null;
  }

  /**
   * Refuses what was meant to do something: what is nearly a name of the call, or is one of
   * another.
   *
   * @param what what such a name is, "a field of this call"
   * @param known what the call reads
   * @param others what other calls read
   */
  static void check(String what, String name, Set<String> known, Set<String> others) {
    String meant = meant(name, known);
    if (meant != null) {
      throw new InvalidValueException(name, name, what + ": was " + meant + " meant?");
    }
    if (others.contains(name)) {
      String allowed = known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known));
      throw new InvalidValueException(name, name, what + ": " + allowed);
    }
  }
}
