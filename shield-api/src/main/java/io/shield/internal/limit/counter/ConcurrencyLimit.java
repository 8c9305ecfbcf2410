package io.shield.internal.limit.counter;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Which requests of each key are under way. Only keys with any are kept. Thread-safe. */
public final class ConcurrencyLimit {
  /** How many requests are asked, when there is no room, whether they are over. */
  private static final int ASKED = 64;

  private final ConcurrentHashMap<String, LinkedHashSet<Permit>> underWay =
      new ConcurrentHashMap<>();

  /** Nothing is under way yet. */
  public ConcurrencyLimit() {}

  /**
   * Counts one more; false if there are as many as may be. Before it says so it looks for some that
   * are over without having been released.
   */
  public boolean enter(String key, int max, Permit request) {
    return hasEntered(key, max, request) || (releaseOver(key) && hasEntered(key, max, request));
  }

  private boolean hasEntered(String key, int max, Permit request) {
    boolean[] entered = new boolean[1];
    underWay.compute(
        key,
        (k, known) -> {
          LinkedHashSet<Permit> requests = known == null ? new LinkedHashSet<>() : known;
          entered[0] =
              requests.contains(request) || (requests.size() < max && requests.add(request));
          return requests;
        });
    return entered[0];
  }

  /** Asks outside the map's locks: a response has one of its own. */
  private boolean releaseOver(String key) {
    boolean any = false;
    for (Permit request : nextAsked(key)) {
      if (request.isOver()) {
        request.release();
        any = true;
      }
    }
    return any;
  }

  /** Those that were not asked for the longest time; they go to the end of the line. */
  private List<Permit> nextAsked(String key) {
    List<Permit> asked = new ArrayList<>(ASKED);
    underWay.computeIfPresent(
        key,
        (k, requests) -> {
          Iterator<Permit> oldest = requests.iterator();
          while (asked.size() < ASKED && oldest.hasNext()) {
            asked.add(oldest.next());
            oldest.remove();
          }
          requests.addAll(asked);
          return requests;
        });
    return asked;
  }

  public void leave(String key, Permit request) {
    underWay.computeIfPresent(
        key,
        (k, requests) -> {
          requests.remove(request);
          return requests.isEmpty() ? null : requests;
        });
  }

  /** What a request holds of concurrency limits until it is over. */
  public static final class Permit {
    private final BooleanSupplier over;
    private final List<Runnable> leave = new ArrayList<>();
    private boolean released;

    /**
     * @param over whether the request is over, though nobody may have said so; from any thread
     */
    public Permit(BooleanSupplier over) {
      this.over = over;
    }

    /** Notes how to give one up. Before the request goes on. */
    public void add(Runnable place) {
      leave.add(place);
    }

    /** Whether the request is over, though it may not have been released. From any thread. */
    boolean isOver() {
      return over.getAsBoolean();
    }

    /** Gives all up. Idempotent; from any thread. */
    public synchronized void release() {
      if (!released) {
        released = true;
        leave.forEach(Runnable::run);
      }
    }
  }
}
