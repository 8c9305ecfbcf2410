package io.shield.impl.change;

import io.shield.error.UnknownRouteException;
import io.shield.model.RouteKey;
import io.shield.model.store.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the known routes whose names resemble one that nobody knows. However many there are, it
 * takes a few milliseconds: it stops looking when it has compared so much.
 */
public final class NearNames {
  private static final int SHOWN = 3;
  private static final int MAX_LENGTH = 200;
  private static final int MAX_COMPARISONS = 500_000;

  private record Near(String key, int distance) {}

  private final String route;
  private final boolean bare;
  private final List<Near> found = new ArrayList<>();
  private int limit;
  private int comparisons;

  private NearNames(String route) {
    this.route = route.length() > MAX_LENGTH ? route.substring(0, MAX_LENGTH) : route;
    this.bare = route.startsWith("/");
    this.limit = Math.max(3, this.route.length() / 3);
  }

  /** The failure that names routes which resemble what was asked for. */
  public static UnknownRouteException unknown(Snapshot snapshot, String route) {
    NearNames names = new NearNames(route);
    for (String key : snapshot.states().keySet()) {
      if (names.comparisons > MAX_COMPARISONS) {
        break;
      }
      names.compare(key);
    }
    return new UnknownRouteException(route, names.found.stream().map(Near::key).toList());
  }

  /** A name without method is compared with the bare path. */
  private void compare(String key) {
    int distance = distance(bare ? RouteKey.parse(key).path() : key);
    if (distance > limit) {
      return;
    }
    found.add(new Near(key, distance));
    found.sort(Comparator.comparingInt(Near::distance).thenComparing(Near::key));
    if (found.size() > SHOWN) {
      found.remove(SHOWN);
    }
    if (found.size() == SHOWN) {
      limit = found.get(SHOWN - 1).distance;
    }
  }

  /** The Levenshtein distance, or more than the limit if it is more. */
  private int distance(String known) {
    if (Math.abs(route.length() - known.length()) > limit) {
      return limit + 1;
    }
    int far = limit + 1;
    int[] row = new int[known.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = Math.min(j, far);
    }
    for (int i = 1; i <= route.length(); i++) {
      // Further from the diagonal everything is farther than the limit.
      int from = Math.max(1, i - limit);
      int to = Math.min(known.length(), i + limit);
      int diagonal = row[from - 1];
      row[from - 1] = from == 1 ? Math.min(i, far) : far;
      int least = row[from - 1];
      for (int j = from; j <= to; j++) {
        int cost = route.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1;
        int above = j == i + limit ? far : row[j];
        int best = Math.min(diagonal + cost, Math.min(above, row[j - 1]) + 1);
        diagonal = row[j];
        row[j] = Math.min(best, far);
        least = Math.min(least, row[j]);
      }
      comparisons += to - from + 1;
      if (least >= far) {
        return far;
      }
    }
    return row[known.length()];
  }
}
