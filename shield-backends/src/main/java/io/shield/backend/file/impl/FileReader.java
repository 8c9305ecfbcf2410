package io.shield.backend.file.impl;

import io.shield.backend.file.impl.FileStamp.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the main file and its side file. */
final class FileReader {
  /** How long an editor may take from truncating a file to having written it. */
  static final Duration SECOND_LOOK = Duration.ofMillis(100);

  private static final int ATTEMPTS = 10;

  private final FileOps ops;
  private final StorePaths paths;
  private final Format format;
  private final Reporter reporter;

  FileReader(FileOps ops, StorePaths paths, Format format, Reporter reporter) {
    this.ops = ops;
    this.paths = paths;
    this.format = format;
    this.reporter = reporter;
  }

  /**
   * Looks at the main file and, if it is not good, after a moment again.
   *
   * @param known what stays in force of what cannot be read; null if nothing is known
   */
  Found lookTwice(@Nullable Image known) {
    Found found = look(known);
    if (found instanceof Found.Good) {
      return found;
    }
    ops.pause(SECOND_LOOK);
    return isUntouched(found) ? found : look(known);
  }

  private boolean isUntouched(Found found) {
    try {
      boolean readWhole = found instanceof Found.Broken broken && !broken.digest().isEmpty();
      return readWhole && Objects.equals(found.stamp(), ops.stamp(paths.main()));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Looks at the main file.
   *
   * @param known what stays in force of what cannot be read; null if nothing is known
   */
  Found look(@Nullable Image known) {
    FileStamp stamp = null;
    try {
      for (int i = 0; i < ATTEMPTS; i++) {
        stamp = ops.stamp(paths.main());
        if (stamp == null || (stamp.kind() == Kind.FILE && stamp.size() == 0)) {
          return new Found.Gone(stamp);
        }
        if (stamp.kind() != Kind.FILE) {
          return broken(stamp, "it is now " + Problems.of(stamp.kind()) + ", not a file");
        }
        String oversize = stamp.oversize();
        if (oversize != null) {
          return broken(stamp, oversize);
        }
        byte[] bytes = ops.read(paths.main());
        if (stamp.equals(ops.stamp(paths.main()))) {
          return parse(stamp, bytes, known);
        }
      }
      return broken(stamp, "it changes all the time");
    } catch (IOException e) {
      return broken(stamp, "it cannot be read: " + Problems.of(e));
    }
  }

  private Found broken(@Nullable FileStamp stamp, String problem) {
    return new Found.Broken(stamp, paths.main() + ": " + problem, "");
  }

  private Found parse(FileStamp stamp, byte[] bytes, @Nullable Image known) {
    try {
      String text = Format.text(bytes);
      Content content = Layout.read(format.parse(text), text);
      UnreadableException insufficient = content.insufficient();
      if (known == null && insufficient != null) {
        throw insufficient; // Nothing else could stay in force.
      }
      reporter.cannotRead(content.problems());
      return new Found.Good(stamp, content);
    } catch (UnreadableException e) {
      return new Found.Broken(stamp, e.in(paths.main()), Canonical.digest(bytes));
    }
  }

  /** The side file; null if there is none to rely on. */
  @Nullable SideCopy side() {
    try {
      FileStamp stamp = ops.stamp(paths.side());
      if (stamp == null) {
        return null;
      }
      String oversize = stamp.oversize();
      if (oversize != null) {
        throw new UnreadableException(oversize, 0, 0);
      }
      SideCopy copy = SideCopy.read(Format.text(ops.read(paths.side())));
      reporter.sideUsable();
      return copy;
    } catch (IOException e) {
      reporter.sideUnusable(paths.side() + ": " + Problems.of(e));
    } catch (UnreadableException e) {
      reporter.sideUnusable(e.in(paths.side()));
    }
    return null;
  }
}
