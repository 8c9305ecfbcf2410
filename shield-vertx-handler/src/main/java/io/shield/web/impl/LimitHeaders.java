package io.shield.web.impl;

import io.shield.internal.limit.Charge;
import io.shield.internal.limit.Charge.Standing;
import io.shield.web.ShieldHandlerOptions.RateLimitHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells clients how their limits stand. */
final class LimitHeaders {
  private static final CharSequence LIMIT = HttpHeaders.createOptimized("X-RateLimit-Limit");
  private static final CharSequence REMAINING =
      HttpHeaders.createOptimized("X-RateLimit-Remaining");
  private static final CharSequence RESET = HttpHeaders.createOptimized("X-RateLimit-Reset");

  private static final String DRAFT_POLICY = "RateLimit-Policy";
  private static final String DRAFT = "RateLimit";

  private final RateLimitHeaders kind;
  private final InstantSource clock;

  LimitHeaders(RateLimitHeaders kind, InstantSource clock) {
    this.kind = kind;
    this.clock = clock;
  }

  /** Whether it tells of each limit, those of other engines on the way too. */
  boolean tellsEach() {
    return kind.draft();
  }

  /**
   * Of a request that passes.
   *
   * @param others what other engines charged before, where each limit is told
   */
  void passed(MultiMap headers, Charge charge, List<Charge> others) {
    if (kind.legacy()) {
      charge.tellTightest(headers, LimitHeaders::legacyOf);
    }
    draft(headers, charge, others);
  }

  /** Of a request that is refused until a moment. */
  void refused(MultiMap headers, long capacity, long resetAtSeconds) {
    if (kind.legacy()) {
      legacy(headers, capacity, 0, resetAtSeconds);
    }
  }

  /**
   * Of a request that is refused for another reason after it was charged, maybe by a handler with
   * other options: nothing is told.
   */
  static void takeBack(MultiMap headers) {
    headers.remove(LIMIT).remove(REMAINING).remove(RESET);
    headers.remove(DRAFT_POLICY).remove(DRAFT);
  }

  private static void legacyOf(
      MultiMap headers, long capacity, long remaining, long resetAtMillis) {
    String told = headers.get(REMAINING);
    if (told != null && isLess(told, remaining)) {
      return; // Another engine has a limit that is tighter.
    }
    legacy(headers, capacity, remaining, secondsUp(resetAtMillis));
  }

  private static boolean isLess(String told, long remaining) {
    try {
      return Long.parseLong(told) < remaining;
    } catch (NumberFormatException notOurs) {
      return false;
    }
  }

  private static void legacy(MultiMap headers, long capacity, long remaining, long reset) {
    headers.set(LIMIT, Encoded.again(capacity));
    headers.set(REMAINING, Encoded.of(remaining));
    headers.set(RESET, Encoded.again(reset));
  }

  /**
   * The lists of draft-ietf-httpapi-ratelimit-headers: an item for each limit. The other three of a
   * refusal are set by {@link #refused}.
   */
  void draft(MultiMap headers, Charge charge, List<Charge> others) {
    if (!kind.draft()) {
      return;
    }
    List<Standing> standings = new ArrayList<>();
    others.forEach(other -> standings.addAll(other.standings()));
    standings.addAll(charge.standings());
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
    headers.set(DRAFT_POLICY, policies.toString());
    headers.set(DRAFT, limits.toString());
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

  /** Numbers as they are sent, each encoded once while it is asked for again and again. */
  private record Encoded(long number, CharSequence text) {
    private static final int SMALL = 1024;

    /** Odd, with well mixed bits: the golden ratio. Limits and full hours are round numbers. */
    private static final long MIXER = 0x9e37_79b9_7f4a_7c15L;

    private static final int SLOT_BITS = 6;
    private static final CharSequence[] SMALL_TEXTS = new CharSequence[SMALL];

    /** By mixed bits; written by any thread, and whichever comes last stays. */
    private static final @Nullable Encoded[] LATEST = new Encoded[1 << SLOT_BITS];

    static {
      for (int i = 0; i < SMALL; i++) {
        SMALL_TEXTS[i] = encoded(i);
      }
    }

    private static CharSequence encoded(long number) {
      return HttpHeaders.createOptimized(Long.toString(number));
    }

    static CharSequence of(long number) {
      return number >= 0 && number < SMALL ? SMALL_TEXTS[(int) number] : Long.toString(number);
    }

    /** For one that is sure to be asked for again, as what a limit grants and when it is reset. */
    static CharSequence again(long number) {
      if (number >= 0 && number < SMALL) {
        return SMALL_TEXTS[(int) number];
      }
      int slot = (int) ((number * MIXER) >>> (Long.SIZE - SLOT_BITS));
      Encoded latest = LATEST[slot];
      if (latest == null || latest.number != number) {
        latest = new Encoded(number, encoded(number));
        LATEST[slot] = latest;
      }
      return latest.text;
    }
  }
}
