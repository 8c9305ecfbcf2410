package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.spi.ChangeRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Replaces both files, with the locks held: writes and syncs two temporary files, renames the one
 * over the side file, the other over the main file, and syncs the directory. What the main file
 * says counts. The side file is ahead of it only while a write is under way or was cut short; it
 * names the head that it was to replace, so that such a write counts as not having happened.
 */
final class FileWriter {
  private final FileOps ops;
  private final StorePaths paths;
  private final Format format;

  FileWriter(FileOps ops, StorePaths paths, Format format) {
    this.ops = ops;
    this.paths = paths;
    this.format = format;
  }

  /**
   * Writes an image.
   *
   * @param standing what is there now
   * @return the stamp of the written main file; null if somebody changed it since it was read, then
   *     nothing was written
   * @throws ChangeRefusedException if nothing was written
   * @throws UnknownOutcomeException if it is not known whether it was
   */
  @Nullable FileStamp write(Standing standing, Image next) {
    FileStamp former = standing.seen().stamp();
    FileStamp written;
    try {
      ObjectNode tree = Layout.write(next);
      put(paths.sideTemp(), SideCopy.write(tree, standing.seen().mainHead()), null);
      written = put(paths.mainTemp(), format.render(tree), timeAfter(former));
      if (!Objects.equals(former, ops.stamp(paths.main()))) {
        discardTemps();
        return null;
      }
      ops.rename(paths.sideTemp(), paths.side());
    } catch (IOException e) {
      discardTemps();
      throw refused(Problems.of(e), e);
    }
    replaceMain(standing);
    return written;
  }

  private void replaceMain(Standing standing) {
    try {
      ops.rename(paths.mainTemp(), paths.main());
    } catch (IOException e) {
      discardTemps();
      if (isUntouched(standing) && isSideTakenBack(standing)) {
        throw refused(Problems.of(e), e);
      }
      throw new UnknownOutcomeException(paths.main(), Problems.of(e), e);
    }
    try {
      ops.syncDirectory(paths.directory());
    } catch (IOException e) {
      throw new UnknownOutcomeException(paths.main(), Problems.of(e), e);
    }
  }

  private boolean isUntouched(Standing standing) {
    try {
      return Objects.equals(standing.seen().stamp(), ops.stamp(paths.main()));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isSideTakenBack(Standing standing) {
    try {
      writeSide(standing);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes only the side file, as a copy of what is there now. */
  void writeSide(Standing standing) throws IOException {
    ObjectNode tree = Layout.write(standing.base());
    replace(paths.sideTemp(), paths.side(), SideCopy.write(tree, standing.seen().mainHead()));
    ops.syncDirectory(paths.directory());
  }

  /** Puts a whole text in the place of a file; if that fails, the file is as it was. */
  void replace(Path temp, Path file, String text) throws IOException {
    try {
      put(temp, text, null);
      ops.rename(temp, file);
    } catch (IOException e) {
      discard(temp);
      throw e;
    }
  }

  /** Whether an image could be written now; leaves both files as they are. */
  boolean canWrite(Image image) {
    try {
      put(paths.mainTemp(), format.render(Layout.write(image)), null);
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      discard(paths.mainTemp());
    }
  }

  private FileStamp put(Path file, String text, @Nullable Instant modified) throws IOException {
    ops.deleteIfExists(file);
    try (FileOps.NewFile out = ops.create(file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      if (modified != null) {
        out.setModified(modified);
      }
      out.sync();
    }
    FileStamp stamp = ops.stamp(file);
    if (stamp == null) {
      throw new IOException(file + " vanished");
    }
    String oversize = stamp.oversize();
    if (oversize != null) {
      throw new IOException(oversize);
    }
    return stamp;
  }

  /** A time that no file in this place had before, so that nobody takes one write for another. */
  private Instant timeAfter(@Nullable FileStamp former) {
    Instant time = ops.now().truncatedTo(ChronoUnit.MICROS);
    if (former != null && !time.isAfter(former.modified())) {
      time = former.modified().truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS);
    }
    boolean round = time.equals(time.truncatedTo(ChronoUnit.MILLIS));
    return round ? time.plus(1, ChronoUnit.MICROS) : time;
  }

  private void discardTemps() {
    discard(paths.sideTemp());
    discard(paths.mainTemp());
  }

  private void discard(Path temp) {
    try {
      ops.deleteIfExists(temp);
    } catch (IOException e) {
      // The next write replaces it.
    }
  }

  ChangeRefusedException refused(String problem, @Nullable Throwable cause) {
    return new ChangeRefusedException(
        paths.main() + " cannot be written: " + problem + "; nothing was changed", cause);
  }
}
