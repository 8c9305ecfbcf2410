package io.shield.backend.file.impl;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Every touch of the disk. Tests put a disk here that fails and crashes at any of them. */
interface FileOps {
  /** The current time by the clock that stamps files. */
  Instant now();

  /** The file's path without symbolic links; it need not exist. */
  Path resolve(Path file) throws IOException;

  /** What is there, a link not followed; null if nothing is. */
  @Nullable FileStamp stamp(Path file) throws IOException;

  /** The whole content; fails on a symbolic link. */
  byte[] read(Path file) throws IOException;

  /** Makes a new file that only its owner can read and write; fails if there is one. */
  NewFile create(Path file) throws IOException;

  /** Puts a file in the place of another, in one step. */
  void rename(Path from, Path to) throws IOException;

  /** Returns when all renames within the directory are on the disk. */
  void syncDirectory(Path directory) throws IOException;

  void deleteIfExists(Path file) throws IOException;

  /**
   * Takes a lock that excludes other processes until it is closed or this process ends.
   *
   * @throws LockTimeoutException if others held it for as long as {@code limit}
   */
  Closeable lock(Path file, Duration limit) throws IOException;

  /** Waits. */
  void pause(Duration duration);

  /** A file being written. */
  interface NewFile extends Closeable {
    void write(byte[] content) throws IOException;

    /** Sets its time of modification, as exactly as the file system can. */
    void setModified(Instant time) throws IOException;

    /** Returns when content and time are on the disk. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Others held the lock all the time. */
  final class LockTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    LockTimeoutException(Path file) {
      super(file + " is locked");
    }
  }
}
