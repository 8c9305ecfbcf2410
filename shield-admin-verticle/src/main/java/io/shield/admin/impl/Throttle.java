package io.shield.admin.impl;

import io.shield.internal.limit.key.LimitKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Slows down who fails to sign in: after some free failures each further one doubles the wait. It
 * counts per account and address, per address, and, with more patience and a shorter wait, per
 * account. Nobody is locked out because others fail for the same account: who signed in lately from
 * an address answers there for own failures only, and addresses that have failed do not make those
 * wait that have not. An attempt counts once it was judged. An IPv6 address stands for its /64.
 * Bounded: who has been quiet longest is forgotten first. Thread-safe.
 */
final class Throttle {
  private static final int MAX_ENTRIES = 10_000;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
  private static final Duration KNOWN_FOR = Duration.ofDays(30);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** An address that failed fewer times may have made a mistake. */
  private static final int MISTAKES = 3;

  /** How many attempts may follow each other, and how soon there may be another then. */
  private static final int BURST = 30;

  private static final Duration EACH = Duration.ofSeconds(1);

  /** Where an attempt waits to be judged. */
  enum Line {
    /** Of who signed in lately from this address. */
    KNOWN,
    /** Of an address that has hardly failed. */
    FRESH,
    /** Of any other. */
    FAILED
  }

  private enum Scope {
    PAIR(5, Duration.ofMinutes(5)),
    ADDRESS(20, Duration.ofMinutes(5)),
    ACCOUNT_FRESH(50, Duration.ofSeconds(1)),
    ACCOUNT(50, Duration.ofSeconds(10)),
    /** What the time of hashing is given out by; its entries have no failures. */
    BUDGET(BURST, Duration.ZERO);

    final int free;
    final Duration longest;

    Scope(int free, Duration longest) {
      this.free = free;
      this.longest = longest;
    }
  }

  private record Key(Scope scope, String account, String address) {}

  /**
   * @param failures attempts that were judged and failed
   * @param underWay attempts that are not judged yet
   * @param last the last failure
   * @param until when the next attempt may begin
   */
  private record Entry(int failures, int underWay, Instant last, Instant until) {}

  /**
   * An attempt that may be judged. It has to end in {@link #failed}, {@link #succeeded} or {@link
   * #notJudged}.
   *
   * @param line where it waits
   * @param whose who it takes turns as
   * @param account the account
   * @param address the address, as it is counted
   */
  record Attempt(Line line, String whose, String account, String address) {
    private List<Scope> scopes() {
      return switch (line) {
        case KNOWN -> List.of(Scope.PAIR);
        case FRESH -> List.of(Scope.PAIR, Scope.ADDRESS, Scope.ACCOUNT_FRESH);
        case FAILED -> List.of(Scope.PAIR, Scope.ADDRESS, Scope.ACCOUNT);
      };
    }

    private Key key(Scope scope) {
      return switch (scope) {
        case PAIR -> new Key(scope, account, address);
        case ADDRESS -> new Key(scope, "", address);
        case ACCOUNT, ACCOUNT_FRESH -> new Key(scope, account, "");
        case BUDGET -> new Key(scope, line == Line.KNOWN ? account : "", address);
      };
    }
  }

  private final InstantSource clock;
  private final Map<Key, Entry> entries = bounded();

  /** When who last signed in from where. */
  private final Map<Key, Instant> known = bounded();

  Throttle(InstantSource clock) {
    this.clock = clock;
  }

  private static <V> Map<Key, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
        return size() > MAX_ENTRIES;
      }
    };
  }

  /**
   * Lets an attempt begin. After the free failures there is one at a time, so that many at once do
   * not slip through together.
   *
   * @throws RefusedException if it has to wait
   */
  synchronized Attempt begin(String account, String clientAddress) {
    Instant now = clock.instant();
    String address = LimitKeys.ofAddress(clientAddress);
    Attempt attempt = attempt(account, address, now);
    Duration wait = Duration.ZERO;
    for (Scope scope : attempt.scopes()) {
      Duration own = waiting(scope, entry(attempt.key(scope), now), now);
      wait = own.compareTo(wait) > 0 ? own : wait;
    }
    if (!wait.isZero()) {
      throw RefusedException.tooMany("too many failed sign-ins, try again later", wait);
    }
    spend(attempt, now);
    for (Scope scope : attempt.scopes()) {
      Entry old = entry(attempt.key(scope), now);
      entries.put(
          attempt.key(scope), new Entry(old.failures, old.underWay + 1, old.last, old.until));
    }
    return attempt;
  }

  private Attempt attempt(String account, String address, Instant now) {
    Instant signedIn = known.get(new Key(Scope.PAIR, account, address));
    if (signedIn != null && now.isBefore(signedIn.plus(KNOWN_FOR))) {
      return new Attempt(Line.KNOWN, account, account, address);
    }
    Entry ofAddress = entry(new Key(Scope.ADDRESS, "", address), now);
    boolean fresh = ofAddress.failures + ofAddress.underWay < MISTAKES;
    return new Attempt(fresh ? Line.FRESH : Line.FAILED, address, account, address);
  }

  private static Duration waiting(Scope scope, Entry entry, Instant now) {
    if (entry.failures + entry.underWay < scope.free) {
      return Duration.ZERO;
    }
    if (entry.underWay > 0) {
      return AGAIN;
    }
    return now.isBefore(entry.until) ? Duration.between(now, entry.until) : Duration.ZERO;
  }

  /** Right passwords cost as much as wrong ones. */
  private void spend(Attempt attempt, Instant now) {
    Key key = attempt.key(Scope.BUDGET);
    Instant until = entry(key, now).until;
    Instant spent = (until.isAfter(now) ? until : now).plus(EACH);
    Duration over = Duration.between(now.plus(EACH.multipliedBy(BURST)), spent);
    if (over.compareTo(Duration.ZERO) > 0) {
      throw RefusedException.tooMany("too many sign-ins, try again later", over);
    }
    entries.put(key, new Entry(0, 0, now, spent));
  }

  /** Counts a wrong password. */
  synchronized void failed(Attempt attempt) {
    Instant now = clock.instant();
    for (Scope scope : attempt.scopes()) {
      Entry old = entry(attempt.key(scope), now);
      int failures = old.failures + 1;
      int over = failures - scope.free;
      Duration wait = over < 0 ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(over, 20));
      Instant until = now.plus(wait.compareTo(scope.longest) > 0 ? scope.longest : wait);
      entries.put(
          attempt.key(scope), new Entry(failures, Math.max(0, old.underWay - 1), now, until));
    }
  }

  /** Remembers who signed in from where. */
  synchronized void succeeded(Attempt attempt) {
    notJudged(attempt);
    Key pair = attempt.key(Scope.PAIR);
    entries.remove(pair);
    known.put(pair, clock.instant());
  }

  /** Forgets an attempt. */
  synchronized void notJudged(Attempt attempt) {
    for (Scope scope : attempt.scopes()) {
      entries.computeIfPresent(
          attempt.key(scope),
          (key, old) ->
              old.failures == 0 && old.underWay <= 1
                  ? null
                  : new Entry(old.failures, Math.max(0, old.underWay - 1), old.last, old.until));
    }
  }

  private Entry entry(Key key, Instant now) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return new Entry(0, 0, now, now);
    }
    boolean over = now.isAfter(entry.last.plus(FORGOTTEN_AFTER));
    return over ? new Entry(0, entry.underWay, now, now) : entry;
  }
}
