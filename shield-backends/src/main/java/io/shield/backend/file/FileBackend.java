package io.shield.backend.file;

import io.shield.backend.file.impl.FileBackendImpl;
import io.shield.spi.ShieldBackend;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A store in one file of the local disk.
 *
 * <p>An accepted change is on the disk before its future succeeds. Several engines and processes of
 * one host may use the same file; each sees what the others and what editors changed within a
 * second. All input and output happens on worker threads of the Vert.x instance given to {@link
 * #startup}; futures complete on the context they were asked for on, or on a worker thread when
 * there was none.
 *
 * <p>While the file cannot be read, changes are refused and what was last read stays in force. A
 * file that cannot be read at {@link #startup} fails it.
 */
public interface FileBackend extends ShieldBackend {
  /**
   * A backend on the file the options name; opens nothing yet.
   *
   * @throws io.shield.error.ShieldException if the file's extension names no known format, or the
   *     artifact that reads the format is missing; the message names what to add
   */
  static FileBackend create(FileBackendOptions options) {
    return create(options, InstantSource.system());
  }

  /**
   * A backend on the file the options name; opens nothing yet.
   *
   * @param clock tells how long request ids have been remembered, and stamps audit entries of
   *     external edits
   * @throws io.shield.error.ShieldException if the file's extension names no known format, or the
   *     artifact that reads the format is missing; the message names what to add
   */
  static FileBackend create(FileBackendOptions options, InstantSource clock) {
    return new FileBackendImpl(
        Objects.requireNonNull(options, "options"), Objects.requireNonNull(clock, "clock"));
  }
}
