package io.shield.backend.file.impl;

import io.shield.backend.file.impl.FileStamp.Kind;
import io.shield.error.ShieldException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The files of one store, all in one directory.
 *
 * @param main the file that people read
 * @param side a copy of what Shield last wrote, with what a tool that rewrites the main file drops
 * @param lock held by the process that writes
 * @param limits rate-limit hits and counters
 * @param mainTemp the next main file while it is written
 * @param sideTemp the next side file while it is written
 * @param limitsTemp the next file of hits and counters while it is written
 */
record StorePaths(
    Path main, Path side, Path lock, Path limits, Path mainTemp, Path sideTemp, Path limitsTemp) {
  private static StorePaths of(Path main) {
    String name = main.toString();
    return new StorePaths(
        main,
        Path.of(name + ".shield"),
        Path.of(name + ".lock"),
        Path.of(name + ".limits"),
        Path.of(name + ".tmp"),
        Path.of(name + ".shield.tmp"),
        Path.of(name + ".limits.tmp"));
  }

  /**
   * The files of the store that the user named.
   *
   * @throws ShieldException if the directory is missing, something other than a file is in the way,
   *     or a symbolic link leads out of the directory or to a file of another format
   */
  static StorePaths find(FileOps ops, Path given) {
    Path named = given.toAbsolutePath();
    try {
      Path parent = Objects.requireNonNull(named.getParent(), "a file has a directory");
      FileStamp directory = ops.stamp(ops.resolve(parent));
      if (directory == null) {
        throw new ShieldException("the directory " + parent + " does not exist: create it first");
      }
      if (directory.kind() != Kind.DIRECTORY) {
        throw new ShieldException(parent + " is not a directory");
      }
      Path main = ops.resolve(named);
      if (!Objects.equals(main.getParent(), ops.resolve(parent))) {
        throw new ShieldException(
            named + " is a symbolic link that leads out of its directory, to " + main);
      }
      if (Format.of(main).getClass() != Format.of(named).getClass()) {
        throw new ShieldException(
            named
                + " is a symbolic link to "
                + main
                + ", whose extension names another format: both must name the same");
      }
      StorePaths paths = of(main);
      paths.refuseOthersThanFiles(ops);
      return paths;
    } catch (IOException e) {
      throw new ShieldException(named + " cannot be looked at: " + Problems.of(e), e);
    }
  }

  private void refuseOthersThanFiles(FileOps ops) throws IOException {
    for (Path file : List.of(main, side, lock, limits, mainTemp, sideTemp, limitsTemp)) {
      FileStamp found = ops.stamp(file);
      if (found == null || found.kind() == Kind.FILE) {
        continue;
      }
      throw new ShieldException(file + " is " + Problems.of(found.kind()) + ", not a file");
    }
  }

  Path directory() {
    return Objects.requireNonNull(main.getParent(), "the main file is absolute");
  }
}
