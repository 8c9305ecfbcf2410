package io.shield.backend.file.impl;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether a file is still the one that was read, without reading it.
 *
 * @param kind what is there
 * @param size in bytes
 * @param modified its time of modification
 * @param key its identity, an inode number for instance, or null where there is none
 */
record FileStamp(Kind kind, long size, Instant modified, @Nullable Object key) {
  enum Kind {
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  /**
   * The largest file that is read or written: far more than a store needs, and little enough for
   * memory.
   */
  static final long MAX_BYTES = 1L << 28;

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileStamp stamp
        && kind == stamp.kind
        && size == stamp.size
        && modified.equals(stamp.modified)
        && Objects.equals(key, stamp.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(size, modified, key);
  }

  /** What is wrong with a file of this size; null if nothing is. */
  @Nullable String oversize() {
    return size > MAX_BYTES ? "it is larger than " + (MAX_BYTES >> 20) + " MiB" : null;
  }

  /**
   * Whether two writes soon after each other have different stamps for sure. Shield gives every
   * file it writes a time of its own, to the microsecond; a file system that rounds it cannot tell
   * them.
   */
  boolean isFine() {
    return !modified.equals(modified.truncatedTo(ChronoUnit.MILLIS));
  }
}
