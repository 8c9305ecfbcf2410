package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.internal.Meters;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many requests this process answered in each of the last minutes, by route. It reads the
 * counters that the request path keeps for the metrics, once a minute, and asks nothing of it.
 */
final class Traffic {
  static final int MINUTES = 15;
  private static final long MINUTE_MILLIS = 60_000;

  /** Requests of one minute: allowed, refused, limited. */
  record Minute(long allowed, long refused, long limited) {
    static final Minute NONE = new Minute(0, 0, 0);

    long total() {
      return allowed + refused + limited;
    }

    Minute minus(Minute other) {
      return new Minute(allowed - other.allowed, refused - other.refused, limited - other.limited);
    }

    Minute plus(Minute other) {
      return new Minute(allowed + other.allowed, refused + other.refused, limited + other.limited);
    }
  }

  private static final class Row {
    private final Map<Meters.Outcome, LongAdder> counts;
    private final Deque<Minute> totals = new ArrayDeque<>();

    Row(Map<Meters.Outcome, LongAdder> counts) {
      this.counts = counts;
    }

    Minute total() {
      return new Minute(
          sum(Meters.Outcome.ALLOW),
          sum(Meters.Outcome.MAINTENANCE)
              + sum(Meters.Outcome.DISABLED)
              + sum(Meters.Outcome.ENV_GATED),
          sum(Meters.Outcome.RATE_LIMITED));
    }

    private long sum(Meters.Outcome outcome) {
      LongAdder adder = counts.get(outcome);
      return adder == null ? 0 : adder.sum();
    }

    synchronized void tick() {
      totals.addLast(total());
      if (totals.size() > MINUTES) {
        totals.removeFirst();
      }
    }

    /** Minute by minute, the one that runs last. */
    synchronized List<Minute> minutes() {
      Minute[] minutes = new Minute[MINUTES];
      Arrays.fill(minutes, Minute.NONE);
      Minute[] known = totals.toArray(Minute[]::new);
      Minute before = known.length == MINUTES ? known[0] : Minute.NONE;
      int from = known.length == MINUTES ? 1 : 0;
      int at = MINUTES - 1 - (known.length - from);
      for (int i = from; i < known.length; i++) {
        minutes[at++] = known[i].minus(before);
        before = known[i];
      }
      minutes[MINUTES - 1] = total().minus(before);
      return List.of(minutes);
    }
  }

  private final ShieldEngine engine;
  private final Map<String, Row> rows = new ConcurrentHashMap<>();

  Traffic(ShieldEngine engine, Meters meters) {
    this.engine = engine;
    meters.watch((method, template, counts) -> rows.put(method + ":" + template, new Row(counts)));
    engine.vertx().setPeriodic(MINUTE_MILLIS, id -> rows.values().forEach(Row::tick));
  }

  /** The last minutes of a route; empty if this process was never asked for it. */
  List<Minute> minutes(RouteKey key) {
    Minute[] sum = new Minute[MINUTES];
    Arrays.fill(sum, Minute.NONE);
    boolean any = false;
    for (Map.Entry<String, Row> row : rows.entrySet()) {
      if (isOf(row.getKey(), key)) {
        any = true;
        List<Minute> minutes = row.getValue().minutes();
        for (int i = 0; i < MINUTES; i++) {
          sum[i] = sum[i].plus(minutes.get(i));
        }
      }
    }
    return any ? List.of(sum) : List.of();
  }

  /** A route of one method has that method's requests, and HEAD with GET; another has all. */
  private static boolean isOf(String row, RouteKey key) {
    int colon = row.indexOf(':');
    String method = row.substring(0, colon);
    boolean same =
        key.method() == null
            || method.equals(key.method())
            || (method.equals("HEAD") && "GET".equals(key.method()));
    return same && row.substring(colon + 1).equals(key.path());
  }

  /** What an action on routes touches. */
  String impact(Collection<String> keys) {
    Map<String, RouteKey> distinct = new HashMap<>();
    keys.forEach(key -> distinct.put(key, RouteKey.parse(key)));
    long requests = distinct.values().stream().mapToLong(key -> perMinute(minutes(key))).sum();
    return impact(distinct.size(), requests);
  }

  /** What closing a service touches, or the fleet when it is null. */
  String impact(@Nullable String service) {
    List<String> keys =
        engine.snapshot().states().values().stream()
            .filter(state -> !state.forceActive())
            .filter(state -> service == null || service.equals(serviceOf(state)))
            .map(RouteState::path)
            .toList();
    return impact(keys);
  }

  private @Nullable String serviceOf(RouteState state) {
    String named = RouteTable.service(state);
    return named == null || named.isEmpty() ? engine.site().service() : named;
  }

  private static String impact(int routes, long requests) {
    return "Touches "
        + Texts.count(routes, "route")
        + (requests == 0
            ? "; this process had no request for it within a minute."
            : ", " + Texts.count(requests, "request") + " a minute in this process.");
  }

  /** The fuller of the last two minutes: one of them has only begun. */
  private static long perMinute(List<Minute> minutes) {
    return minutes.isEmpty()
        ? 0
        : Math.max(minutes.get(MINUTES - 1).total(), minutes.get(MINUTES - 2).total());
  }
}
