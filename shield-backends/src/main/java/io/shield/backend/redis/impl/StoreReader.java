package io.shield.backend.redis.impl;

import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents. All of them are read page by page, so that Redis is never held for long; and of
 * a store that was read before only what is newer. Used on one event loop.
 */
final class StoreReader {
  /** So often commits may come between the pages before all is read in one piece. */
  private static final int MAX_TURNS = 3;

  /** Above this version there is nothing: only what others wrote is wanted. */
  private static final long FOREIGN_ONLY = Long.MAX_VALUE >> 16;

  private static final long ALL = -1;

  private final Vertx vertx;
  private final Link link;

  /** The head that this node knows. */
  private final Supplier<Head> known;

  private final Consumer<Commit> missed;

  private @Nullable Snapshot held;
  private String heldSums = "";

  /** Where a page begins. */
  private record Place(String stage, String cursor) {
    static final Place FIRST = new Place("versions", "0");

    /** The first one again after the last page. */
    static Place after(Response page) {
      boolean last = page.size() < 11 || page.get(9).toString().isEmpty();
      return last ? FIRST : new Place(page.get(9).toString(), page.get(10).toString());
    }
  }

  /**
   * @param missed is given commits that are found to be newer than what is held
   */
  StoreReader(Vertx vertx, Link link, Supplier<Head> known, Consumer<Commit> missed) {
    this.vertx = vertx;
    this.link = link;
    this.known = known;
    this.missed = missed;
  }

  /** Remembers what was read, for the next time. */
  void hold(Snapshot snapshot, String sums) {
    held = snapshot;
    heldSums = sums;
  }

  /** These documents, whoever wrote them. */
  Future<Image> documents(Collection<String> documents) {
    return piece(ALL, documents);
  }

  /** What others wrote of these documents, or of all if none is given. */
  Future<Image> foreign(Collection<String> documents) {
    return documents.isEmpty()
        ? pages(FOREIGN_ONLY, false).map(pages -> Image.of(pages, false))
        : piece(FOREIGN_ONLY, documents);
  }

  /**
   * Everything, at one head.
   *
   * @param newer whether what others wrote is of no interest
   */
  Future<Image> all(boolean newer) {
    Snapshot base = held;
    if (base == null || !base.head().epoch().equals(known.get().epoch())) {
      return whole(1);
    }
    return newer
        ? link.run(Script.RECENT, arguments(base.head().revision()))
            .map(answer -> Image.recent(answer, base, missed))
            .compose(image -> image == null ? above(base, true) : Future.succeededFuture(image))
        : above(base, false);
  }

  /** What was held, and what is newer. */
  private Future<Image> above(Snapshot base, boolean newer) {
    return pages(base.head().revision(), newer)
        .compose(
            pages -> {
              boolean clean = areOfOneHead(pages) && pages.stream().allMatch(StoreReader::isWhole);
              Image made = clean ? Image.of(pages, false).on(base, heldSums) : null;
              return made == null ? whole(1) : Future.succeededFuture(made);
            });
  }

  private Future<Image> whole(int turn) {
    return turn > MAX_TURNS
        ? link.run(Script.LOAD, arguments(ALL)).map(answer -> Image.of(List.of(answer), true))
        : pages(ALL, false)
            .compose(
                pages ->
                    areOfOneHead(pages)
                        ? vertx.executeBlocking(() -> Image.of(pages, true))
                        : whole(turn + 1));
  }

  private static boolean areOfOneHead(List<Response> pages) {
    String first = head(pages.get(0));
    return pages.stream().allMatch(page -> head(page).equals(first));
  }

  private static boolean isWhole(Response page) {
    return page.size() > 11 && page.get(11).toInteger() == 1;
  }

  private static String head(Response page) {
    return page.size() < 4 ? page.get(0).toString() : page.get(1) + " " + page.get(3);
  }

  private Future<Image> piece(long above, Collection<String> documents) {
    List<String> arguments = arguments(above);
    arguments.addAll(documents);
    return link.run(Script.LOAD, arguments).map(answer -> Image.of(List.of(answer), false));
  }

  private Future<List<Response>> pages(long above, boolean newer) {
    return pages(above, newer, Place.FIRST, new ArrayList<>());
  }

  private Future<List<Response>> pages(
      long above, boolean newer, Place from, List<Response> sofar) {
    List<String> arguments = arguments(above);
    arguments.addAll(List.of(from.stage, from.cursor, newer ? "newer" : ""));
    return link.run(Script.PAGE, arguments)
        .compose(
            page -> {
              sofar.add(page);
              Place next = Place.after(page);
              return next.equals(Place.FIRST)
                  ? Future.succeededFuture(sofar)
                  : pages(above, newer, next, sofar);
            });
  }

  private List<String> arguments(long above) {
    List<String> arguments = new ArrayList<>(List.of(Long.toString(above)));
    arguments.addAll(CommitArguments.head(known.get()));
    return arguments;
  }
}
