package io.shield.internal;

import io.shield.error.UnknownRouteException;
import io.shield.model.RouteKey;
import io.shield.model.store.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the known names that resemble one that nobody knows. However many there are, it takes a few
 * milliseconds: it stops looking when it has compared so much.
 */
public final class NearNames {
  private static final int SHOWN = 3;
  private static final int MAX_LENGTH = 200;
  private static final int MAX_COMPARISONS = 500_000;

  private record Near(String key, int distance) {}

  private final String name;
  private final List<Near> found = new ArrayList<>();
  private int limit;
  private int comparisons;

  private NearNames(String name, int limit) {
    this.name = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
    this.limit = limit;
  }

  /** By how many characters a name of a length may differ: of a short one few are all. */
  private static int alike(int length) {
    return Math.max(1, (Math.min(length, MAX_LENGTH) + 2) / 3);
  }

  /** The failure that names routes which resemble what was asked for. */
  public static UnknownRouteException unknown(Snapshot snapshot, String route) {
    return new UnknownRouteException(route, routes(snapshot.states().keySet(), route));
  }

  /**
   * The keys whose paths resemble that of a route, best first. Another method than the one that is
   * named, or another service, counts like another character.
   */
  public static List<String> routes(Iterable<String> keys, String route) {
    RouteKey asked = RouteKey.parse(route);
    NearNames near = new NearNames(asked.path(), alike(asked.path().length() - 1));
    return near.among(
        keys,
        key -> RouteKey.parse(key).path(),
        key -> {
          RouteKey known = RouteKey.parse(key);
          return other(asked.method(), known.method()) + other(asked.service(), known.service());
        });
  }

  private static int other(@Nullable String asked, @Nullable String known) {
    return asked == null || asked.equals(known) ? 0 : 1;
  }

  /**
   * The names that resemble one, best first.
   *
   * @param most by how many characters they may differ at most; short ones by less
   */
  public static List<String> of(String name, Iterable<String> known, int most) {
    return new NearNames(name, Math.min(most, alike(name.length())))
        .among(known, UnaryOperator.identity(), key -> 0);
  }

  private List<String> among(
      Iterable<String> keys, UnaryOperator<String> compared, ToIntFunction<String> more) {
    for (String key : keys) {
      if (comparisons > MAX_COMPARISONS) {
        break;
      }
      compare(key, compared.apply(key), more.applyAsInt(key));
    }
    return found.stream().map(Near::key).toList();
  }

  private void compare(String key, String known, int more) {
    int distance = distance(known) + more;
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
    if (Math.abs(name.length() - known.length()) > limit) {
      return limit + 1;
    }
    int far = limit + 1;
    int[] row = new int[known.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = Math.min(j, far);
    }
    for (int i = 1; i <= name.length(); i++) {
      // Further from the diagonal everything is farther than the limit.
      int from = Math.max(1, i - limit);
      int to = Math.min(known.length(), i + limit);
      int diagonal = row[from - 1];
      row[from - 1] = from == 1 ? Math.min(i, far) : far;
      int least = row[from - 1];
      for (int j = from; j <= to; j++) {
        int cost = name.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1;
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
