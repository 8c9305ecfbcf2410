package io.shield.backend.file.impl;

import io.shield.model.store.Head;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the main file's content is what Shield wrote last. If it is, it is the truth. If
 * not, it is an edit of the latest that Shield knows: from memory, else from the side file, else
 * from what the main file itself tells.
 */
final class Judge {
  private final FileReader reader;
  private final InstantSource clock;
  private final int auditLimit;
  private final Reporter reporter;

  Judge(FileReader reader, InstantSource clock, int auditLimit, Reporter reporter) {
    this.reader = reader;
    this.clock = clock;
    this.auditLimit = auditLimit;
    this.reporter = reporter;
  }

  /** Whether the head is the known one or a later one of its lineage. */
  static boolean isAhead(Head head, Head known) {
    return head.equals(known)
        || (head.epoch().equals(known.epoch()) && head.revision() > known.revision());
  }

  /**
   * Where the store stands.
   *
   * @param known what this process holds; null if it just starts
   * @param now by the clock of the files
   */
  Standing judge(Found.Good good, @Nullable Image known, Instant now) {
    Image intact = good.content().intact();
    if (intact != null && known != null && isAhead(intact.head(), known.head())) {
      return ours(good, intact.recalling(known), now, null);
    }
    SideCopy side = reader.side();
    if (intact != null && isBelieved(intact.head(), known, side)) {
      return ours(good, intact, now, side);
    }
    Image base = latest(known, side);
    if (base == null) {
      base = good.content().remains();
      reporter.lost(good.content().lost());
    }
    if (base == null) {
      Seen seen = Seen.good(good.stamp(), null, now);
      return Standing.fresh(good.content().firstImage(Image.firstHead()), seen);
    }
    Adoption adoption = Adoption.of(base, good.content(), clock.instant(), auditLimit);
    reporter.missing(adoption.missing());
    reporter.keptOut(adoption.keptOut());
    Seen seen = Seen.good(good.stamp(), null, now);
    return Standing.foreign(base, seen, good.content(), adoption, side);
  }

  private static Standing ours(Found.Good good, Image image, Instant now, @Nullable SideCopy side) {
    return Standing.of(image, Seen.good(good.stamp(), image.head(), now), side);
  }

  private static boolean isBelieved(Head head, @Nullable Image known, @Nullable SideCopy side) {
    if (known != null) {
      // Another store in the place of ours, as a whole: whoever asked for this one may judge it.
      boolean other = !head.epoch().equals(known.head().epoch());
      return other && side != null && side.image().head().equals(head);
    }
    return side == null || head.equals(side.replaced()) || isAhead(head, side.image().head());
  }

  private static @Nullable Image latest(@Nullable Image known, @Nullable SideCopy side) {
    if (known == null || side == null) {
      return side == null ? known : side.image();
    }
    return isAhead(side.image().head(), known.head()) ? side.image().recalling(known) : known;
  }
}
