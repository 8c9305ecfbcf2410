package io.shield.internal.limit;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Which requests of each key are under way. Only keys with any are kept. Thread-safe. */
final class Concurrency {
  /** How many requests are asked, when there is no room, whether they are over. */
  private static final int ASKED = 64;

  private final ConcurrentHashMap<String, LinkedHashSet<Held>> underWay = new ConcurrentHashMap<>();

  /**
   * Counts one more; false if there are as many as may be. Before it says so it looks for some that
   * are over without having been released.
   */
  boolean enter(String key, int max, Held request) {
    return hasEntered(key, max, request) || (releaseOver(key) && hasEntered(key, max, request));
  }

  private boolean hasEntered(String key, int max, Held request) {
    boolean[] entered = new boolean[1];
    underWay.compute(
        key,
        (k, known) -> {
          LinkedHashSet<Held> requests = known == null ? new LinkedHashSet<>() : known;
          entered[0] =
              requests.contains(request) || (requests.size() < max && requests.add(request));
          return requests;
        });
    return entered[0];
  }

  /** Asks outside the map's locks: a response has one of its own. */
  private boolean releaseOver(String key) {
    boolean any = false;
    for (Held request : nextAsked(key)) {
      if (request.isOver()) {
        request.release();
        any = true;
      }
    }
    return any;
  }

  /** Those that were not asked for the longest time; they go to the end of the line. */
  private List<Held> nextAsked(String key) {
    List<Held> asked = new ArrayList<>(ASKED);
    underWay.computeIfPresent(
        key,
        (k, requests) -> {
          Iterator<Held> oldest = requests.iterator();
          while (asked.size() < ASKED && oldest.hasNext()) {
            asked.add(oldest.next());
            oldest.remove();
          }
          requests.addAll(asked);
          return requests;
        });
    return asked;
  }

  void leave(String key, Held request) {
    underWay.computeIfPresent(
        key,
        (k, requests) -> {
          requests.remove(request);
          return requests.isEmpty() ? null : requests;
        });
  }
}
