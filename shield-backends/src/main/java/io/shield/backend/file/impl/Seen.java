package io.shield.backend.file.impl;

import io.shield.model.store.Head;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the main file was last found, so that it need not be read again before it changes.
 *
 * @param kind what it was
 * @param stamp where it stood; null if there was none
 * @param mainHead the head that it names; null if Shield was not the last to write it
 * @param again when to look again although the stamp is the same; null for never
 */
record Seen(
    Kind kind, @Nullable FileStamp stamp, @Nullable Head mainHead, @Nullable Instant again) {
  enum Kind {
    /** Content that the image holds. */
    GOOD,
    /** Content that the image has yet to take over. */
    FOREIGN,
    /** No file, or an empty one. */
    GONE,
    /** Content that cannot be read. */
    BROKEN,
    /** A write ended in a way that leaves this open. */
    UNKNOWN
  }

  /** After this time no file system gives a second write the stamp of the first. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /** How long to wait before trying again to take foreign content over. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  static final Seen UNKNOWN = new Seen(Kind.UNKNOWN, null, null, null);

  /** A file that Shield wrote, with a stamp of its own if the file system is fine enough. */
  static Seen written(FileStamp stamp, Head head) {
    return new Seen(Kind.GOOD, stamp, head, stamp.isFine() ? null : settled(stamp));
  }

  /** A file that was read, and whose content the image holds. */
  static Seen good(FileStamp stamp, @Nullable Head mainHead, Instant now) {
    Instant settled = settled(stamp);
    return new Seen(Kind.GOOD, stamp, mainHead, now.isBefore(settled) ? settled : null);
  }

  private static Instant settled(FileStamp stamp) {
    return stamp.modified().plus(SETTLED);
  }

  static Seen foreign(@Nullable FileStamp stamp, Instant now) {
    return new Seen(Kind.FOREIGN, stamp, null, now.plus(RETRY));
  }

  static Seen gone(Found.Gone found) {
    return new Seen(Kind.GONE, found.stamp(), null, null);
  }

  /** Broken content is looked at again when it changed; a file that failed to be read, always. */
  static Seen broken(Found.Broken found, Instant now) {
    return new Seen(Kind.BROKEN, found.stamp(), null, found.digest().isEmpty() ? now : null);
  }

  /** Whether the file need not be looked at. */
  boolean covers(@Nullable FileStamp now, Instant time) {
    return kind != Kind.UNKNOWN
        && Objects.equals(stamp, now)
        && (again == null || time.isBefore(again));
  }

  /** Whether the file need not be read before it is replaced. */
  boolean isCertain(@Nullable FileStamp now) {
    return kind == Kind.GOOD && now != null && now.equals(stamp) && now.isFine();
  }
}
