package io.shield.backend.file.impl;

import io.shield.backend.file.impl.LimitsContent.Part;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.RateLimitHit;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The file of hits and counters. It is no state: one that cannot be read is reported and replaced,
 * and one that cannot be written keeps nobody from anything. All methods block; thread-safe.
 */
final class LimitsFile {
  private final FileOps ops;
  private final StorePaths paths;
  private final FileWriter writer;
  private final StoreLock lock;
  private final InstantSource clock;
  private final Reporter reporter;

  LimitsFile(
      FileOps ops,
      StorePaths paths,
      FileWriter writer,
      StoreLock lock,
      InstantSource clock,
      Reporter reporter) {
    this.ops = ops;
    this.paths = paths;
    this.writer = writer;
    this.lock = lock;
    this.clock = clock;
    this.reporter = reporter;
  }

  /** The hits that are kept; none if they cannot be read. */
  List<RateLimitHit> hits() {
    return readable().hits();
  }

  /** The counters that are kept; none if they cannot be read. */
  List<KeptCounters> counters() {
    return readable().parts().stream().map(Part::counters).toList();
  }

  private LimitsContent readable() {
    try {
      return read();
    } catch (IOException e) {
      reporter.limitsFail(paths.limits() + " cannot be read: " + Problems.of(e));
      return LimitsContent.EMPTY;
    }
  }

  private LimitsContent read() throws IOException {
    FileStamp stamp = ops.stamp(paths.limits());
    if (stamp == null) {
      return LimitsContent.EMPTY;
    }
    try {
      String oversize = stamp.oversize();
      if (oversize != null) {
        throw new UnreadableException(oversize, 0, 0);
      }
      return LimitsContent.read(Format.text(ops.read(paths.limits())));
    } catch (UnreadableException e) {
      reporter.limitsBroken(e.in(paths.limits()));
      return LimitsContent.EMPTY;
    }
  }

  /**
   * Does something while nobody else writes; the log says it if that could not be had.
   *
   * @param otherwise hears of it too
   */
  void hold(Runnable work, Consumer<ChangeRefusedException> otherwise) {
    lock.<@Nullable Void>hold(
        () -> {
          work.run();
          return null;
        },
        refusal -> {
          reporter.limitsFail(paths.limits() + " is not written: " + refusal.getMessage());
          otherwise.accept(refusal);
          return null;
        });
  }

  /**
   * Adds hits, and replaces what some engines have counted. Called within {@link #hold}.
   *
   * @param saved by writer
   * @return whether they are in the file; if not, the log says why
   */
  boolean write(List<RateLimitHit> hits, Map<String, List<KeptCounters>> saved) {
    try {
      long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
      LimitsContent next = LimitsMerge.of(read(), hits, saved, nowMicros);
      writer.replace(paths.limitsTemp(), paths.limits(), next.write());
    } catch (IOException e) {
      reporter.limitsFail(paths.limits() + " cannot be written: " + Problems.of(e));
      return false;
    }
    try {
      ops.syncDirectory(paths.directory());
      reporter.limitsWork();
    } catch (IOException e) {
      // It was replaced: what was added must not be added again.
      reporter.limitsFail(paths.limits() + " cannot be synced: " + Problems.of(e));
    }
    return true;
  }
}
