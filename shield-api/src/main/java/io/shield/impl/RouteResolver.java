package io.shield.impl;

import io.shield.error.AmbiguousRouteException;
import io.shield.error.UnknownRouteException;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import java.util.Comparator;
import java.util.List;

/** Finds the route that a person means. */
final class RouteResolver {
  private static final int CLOSE_SHOWN = 3;

  private RouteResolver() {}

  /**
   * The state of the route meant.
   *
   * @throws UnknownRouteException if nothing is known by the name
   * @throws AmbiguousRouteException if several routes have the path
   */
  static RouteState resolve(Snapshot snapshot, String route) {
    RouteState exact = snapshot.state(route);
    if (exact != null) {
      return exact;
    }
    RouteKey key = RouteKey.parse(route);
    if (key.method() != null) {
      return ofAllMethods(snapshot, route, key);
    }
    List<RouteState> matches =
        snapshot.states().values().stream().filter(known -> isMethodOf(key, known.key())).toList();
    return switch (matches.size()) {
      case 0 -> throw unknown(snapshot, route);
      case 1 -> matches.get(0);
      default ->
          throw new AmbiguousRouteException(route, matches.stream().map(RouteState::path).toList());
    };
  }

  /** A method of a route that is declared for all methods gets a state of its own. */
  private static RouteState ofAllMethods(Snapshot snapshot, String route, RouteKey key) {
    RouteState all = snapshot.state(key.withMethod(null).toString());
    if (all == null) {
      throw unknown(snapshot, route);
    }
    return all.toBuilder().path(route).version(0).build();
  }

  private static boolean isMethodOf(RouteKey wanted, RouteKey known) {
    return known.path().equals(wanted.path())
        && (wanted.service() == null || wanted.service().equals(known.service()));
  }

  /** The failure that names routes which resemble what was asked for. */
  static UnknownRouteException unknown(Snapshot snapshot, String route) {
    int limit = Math.max(3, route.length() / 3);
    record Candidate(String key, int distance) {}
    List<String> close =
        snapshot.states().keySet().stream()
            .map(known -> new Candidate(known, distance(route, known)))
            .filter(candidate -> candidate.distance <= limit)
            .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::key))
            .limit(CLOSE_SHOWN)
            .map(Candidate::key)
            .toList();
    return new UnknownRouteException(route, close);
  }

  /** The distance of the written name, or of its bare path when it names no method. */
  private static int distance(String route, String known) {
    String comparable = route.startsWith("/") ? RouteKey.parse(known).path() : known;
    return levenshtein(route, comparable);
  }

  private static int levenshtein(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(diagonal + cost, Math.min(row[j], row[j - 1]) + 1);
        diagonal = row[j];
        row[j] = best;
      }
    }
    return row[b.length()];
  }
}
