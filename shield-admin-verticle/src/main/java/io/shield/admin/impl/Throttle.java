package io.shield.admin.impl;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who fails to sign in: after some free failures each further one doubles the wait. It
 * counts per account and address, per address, and, with more patience and a shorter wait, so that
 * nobody is locked out by a stranger for long, per account. Bounded: who has been quiet longest is
 * forgotten first. Thread-safe.
 */
final class Throttle {
  private static final int MAX_ENTRIES = 10_000;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

  private enum Scope {
    PAIR(5, Duration.ofMinutes(5)),
    ADDRESS(20, Duration.ofMinutes(5)),
    ACCOUNT(50, Duration.ofSeconds(10));

    final int free;
    final Duration longest;

    Scope(int free, Duration longest) {
      this.free = free;
      this.longest = longest;
    }
  }

  private record Key(Scope scope, String account, String address) {}

  private record Entry(int failures, Instant last, Instant until) {}

  private final InstantSource clock;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  Throttle(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Lets an attempt begin. It counts as failed until it succeeds, so that many at once do not slip
   * through together.
   *
   * @throws RefusedException if it has to wait
   */
  synchronized void begin(String account, String address) {
    Instant now = clock.instant();
    Duration wait = Duration.ZERO;
    for (Scope scope : Scope.values()) {
      Entry entry = entries.get(key(scope, account, address));
      if (entry != null && Duration.between(now, entry.until).compareTo(wait) > 0) {
        wait = Duration.between(now, entry.until);
      }
    }
    if (!wait.isZero()) {
      throw RefusedException.tooMany("too many failed sign-ins, try again later", wait);
    }
    for (Scope scope : Scope.values()) {
      entries.compute(key(scope, account, address), (key, old) -> after(scope, old, now));
    }
    while (entries.size() > MAX_ENTRIES) {
      entries.remove(entries.keySet().iterator().next());
    }
  }

  /** Takes an attempt back. */
  synchronized void succeeded(String account, String address) {
    entries.remove(key(Scope.PAIR, account, address));
    for (Scope scope : List.of(Scope.ADDRESS, Scope.ACCOUNT)) {
      entries.computeIfPresent(
          key(scope, account, address),
          (key, entry) ->
              entry.failures <= 1 ? null : new Entry(entry.failures - 1, entry.last, entry.last));
    }
  }

  private static Entry after(Scope scope, @Nullable Entry old, Instant now) {
    boolean known = old != null && !now.isAfter(old.last.plus(FORGOTTEN_AFTER));
    int failures = known && old != null ? old.failures + 1 : 1;
    int over = failures - scope.free;
    Duration wait = over < 0 ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(over, 20));
    return new Entry(
        failures, now, now.plus(wait.compareTo(scope.longest) > 0 ? scope.longest : wait));
  }

  private static Key key(Scope scope, String account, String address) {
    return switch (scope) {
      case PAIR -> new Key(scope, account, address);
      case ADDRESS -> new Key(scope, "", address);
      case ACCOUNT -> new Key(scope, account, "");
    };
  }
}
