package io.shield.web.impl;

import io.shield.internal.limit.Charge;
import io.shield.internal.limit.Charge.Standing;
import io.shield.web.ShieldHandlerOptions.RateLimitHeaders;
import io.vertx.core.MultiMap;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells clients how their limits stand. */
final class LimitHeaders {
  private final RateLimitHeaders kind;
  private final InstantSource clock;

  LimitHeaders(RateLimitHeaders kind, InstantSource clock) {
    this.kind = kind;
    this.clock = clock;
  }

  /** Of a request that passes, or of a refusal whose own three are set by {@link #refused}. */
  void passed(MultiMap headers, Charge charge) {
    Standing tightest = charge.tightest();
    if (tightest == null) {
      return;
    }
    if (kind.legacy()) {
      legacy(
          headers, tightest.capacity(), tightest.remaining(), secondsUp(tightest.resetAtMillis()));
    }
    draft(headers, charge);
  }

  /** Of a request that is refused until a moment. */
  void refused(MultiMap headers, long capacity, long resetAtSeconds) {
    if (kind.legacy()) {
      legacy(headers, capacity, 0, resetAtSeconds);
    }
  }

  private static void legacy(MultiMap headers, long capacity, long remaining, long reset) {
    headers.set("X-RateLimit-Limit", Long.toString(capacity));
    headers.set("X-RateLimit-Remaining", Long.toString(remaining));
    headers.set("X-RateLimit-Reset", Long.toString(reset));
  }

  /** The lists of draft-ietf-httpapi-ratelimit-headers: an item for each limit. */
  void draft(MultiMap headers, Charge charge) {
    List<Standing> standings = kind.draft() ? charge.standings() : List.of();
    if (standings.isEmpty()) {
      return;
    }
    long now = clock.millis();
    StringBuilder policies = new StringBuilder();
    StringBuilder limits = new StringBuilder();
    Map<String, Integer> seen = new HashMap<>();
    for (Standing standing : standings) {
      int number = seen.merge(standing.policy(), 1, Integer::sum);
      String name = number == 1 ? standing.policy() : standing.policy() + "-" + number;
      long reset = Math.max(0, secondsUp(standing.resetAtMillis() - now));
      item(policies, name, "q", standing.capacity(), "w", standing.windowSeconds());
      item(limits, name, "r", standing.remaining(), "t", reset);
    }
    headers.set("RateLimit-Policy", policies.toString());
    headers.set("RateLimit", limits.toString());
  }

  private static void item(
      StringBuilder out, String name, String first, long one, String second, long two) {
    if (!out.isEmpty()) {
      out.append(", ");
    }
    out.append('"').append(name).append('"');
    out.append(';').append(first).append('=').append(one);
    out.append(';').append(second).append('=').append(two);
  }

  private static long secondsUp(long millis) {
    return Math.floorDiv(millis + 999, 1000);
  }
}
