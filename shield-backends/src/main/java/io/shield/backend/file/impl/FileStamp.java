package io.shield.backend.file.impl;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
   * Whether two writes soon after each other have different stamps for sure. Shield gives every
   * file it writes a time of its own, to the microsecond; a file system that rounds it cannot tell
   * them.
   */
  boolean isFine() {
    return !modified.equals(modified.truncatedTo(ChronoUnit.MILLIS));
  }
}
