package io.shield.backend.file.impl;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What was found where the main file should be. */
sealed interface Found {
  /** Where it stood when it was read; null if nothing was there. */
  @Nullable FileStamp stamp();

  /** Content of the original's shape. */
  record Good(FileStamp stamp, Content content) implements Found {}

  /** No file, or an empty one. */
  record Gone(@Nullable FileStamp stamp) implements Found {
    String problem(Path file) {
      return file + (stamp == null ? " does not exist" : " is empty");
    }
  }

  /**
   * Something that cannot be read.
   *
   * @param problem with the file and the line
   * @param digest of the content, so that the same is reported once; empty if there was none
   */
  record Broken(@Nullable FileStamp stamp, String problem, String digest) implements Found {}
}
