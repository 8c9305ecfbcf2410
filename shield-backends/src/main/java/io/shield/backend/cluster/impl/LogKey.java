package io.shield.backend.cluster.impl;

import org.jspecify.annotations.Nullable;

/**
 * What the keys of a log say. {@code commit:7} is the entry that followed revision 6, {@code
 * base:7} all that the log came to up to revision 7; what is longer than one entry may be has its
 * pieces under {@code commit:7:...}.
 *
 * @param base whether it belongs to a base
 * @param number the number
 * @param piece whether it is a piece of an entry
 */
record LogKey(boolean base, long number, boolean piece) {
  private static final String COMMIT = "commit";
  private static final String BASE = "base";

  static String commit(long number) {
    return COMMIT + ":" + number;
  }

  static String base(long number) {
    return BASE + ":" + number;
  }

  /** Reads a key; null if it is none of ours. */
  static @Nullable LogKey parse(String key) {
    String[] parts = key.split(":", 3);
    if (parts.length < 2 || !(parts[0].equals(COMMIT) || parts[0].equals(BASE))) {
      return null;
    }
    try {
      return new LogKey(parts[0].equals(BASE), Long.parseLong(parts[1]), parts.length > 2);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
