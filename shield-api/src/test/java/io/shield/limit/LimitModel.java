package io.shield.limit;

import io.shield.model.RateLimitAlgorithm;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a limiter has to answer, written down as the algorithms are defined: every charge is kept
 * and counted again each time, token buckets are fractions, nothing is fast and nothing is
 * forgotten.
 */
final class LimitModel {
  /** Units used at a moment. */
  private record Charge(long at, long cost) {}

  private static final class Account {
    final List<Charge> charges = new ArrayList<>();

    /** When the bucket is full, in microseconds times the rule's count. */
    BigInteger fullAt = BigInteger.ZERO;

    long takenAt;
  }

  private final Map<String, Account> accounts = new HashMap<>();
  private LimitRule rule;
  private long time;

  LimitModel(LimitRule rule) {
    this.rule = rule;
  }

  private Account account(String key) {
    return accounts.computeIfAbsent(key, k -> new Account());
  }

  private void to(long now) {
    time = Math.max(time, now);
  }

  private boolean isBucket() {
    return rule.algorithm() == RateLimitAlgorithm.TOKEN_BUCKET;
  }

  private long windowStart(long at) {
    return at / rule.periodMicros() * rule.periodMicros();
  }

  /** What would remain after a charge now, negative if it does not pass. */
  long peek(String key, long cost, long now) {
    to(now);
    return free(account(key), time) - cost;
  }

  private long free(Account account, long at) {
    long used =
        switch (rule.algorithm()) {
          case FIXED_WINDOW -> usedSince(account, windowStart(at));
          case SLIDING_WINDOW -> slidingUse(account, at);
          case MOVING_WINDOW -> usedSince(account, at - rule.periodMicros() + 1);
          case TOKEN_BUCKET -> bucketUse(account, at);
        };
    // Rounding up when a rule was replaced can make it more.
    return Math.max(0, rule.capacity() - used);
  }

  private static long usedSince(Account account, long from) {
    long sum = 0;
    for (int i = account.charges.size() - 1; i >= 0 && account.charges.get(i).at() >= from; i--) {
      sum += account.charges.get(i).cost();
    }
    return sum;
  }

  private long slidingUse(Account account, long at) {
    long start = windowStart(at);
    long current = usedSince(account, start);
    long previous = usedSince(account, start - rule.periodMicros()) - current;
    return current + up(big(previous).multiply(big(start + rule.periodMicros() - at)), period());
  }

  private long bucketUse(Account account, long at) {
    BigInteger toFill = account.fullAt.subtract(big(at).multiply(count())).max(BigInteger.ZERO);
    return up(toFill, period());
  }

  long charge(String key, long cost, long now) {
    long remaining = peek(key, cost, now);
    if (remaining >= 0) {
      add(account(key), cost, time);
    }
    return remaining;
  }

  private void add(Account account, long cost, long at) {
    account.charges.removeIf(c -> c.at() < time - 3 * rule.periodMicros());
    account.charges.add(new Charge(at, cost));
    account.takenAt = at;
    account.fullAt =
        account.fullAt.max(big(at).multiply(count())).add(big(cost).multiply(period()));
  }

  /** Whether a cost would pass at a later time if nothing happened until then. */
  boolean passes(String key, long cost, long at) {
    return free(account(key), Math.max(time, at)) >= cost;
  }

  /** The last charge of a key, made at a moment, did not happen. */
  void refund(String key, long cost, long chargedAt) {
    Account account = account(key);
    int index = account.charges.lastIndexOf(new Charge(chargedAt, cost));
    if (index >= 0) {
      account.charges.remove(index);
    }
    BigInteger backAlready = big(account.takenAt - chargedAt).multiply(count());
    BigInteger back = big(cost).multiply(period()).subtract(backAlready);
    if (back.signum() > 0) {
      account.fullAt = account.fullAt.subtract(back);
    }
  }

  void reset(String key) {
    accounts.remove(key);
  }

  void resetAll() {
    accounts.clear();
  }

  void replace(LimitRule newRule, long now) {
    to(now);
    if (newRule.equals(rule)) {
      return;
    }
    LimitRule oldRule = rule;
    boolean keepsTimes =
        !isBucket()
            && newRule.algorithm() == oldRule.algorithm()
            && newRule.periodMicros() == oldRule.periodMicros();
    Map<String, List<Charge>> uses = new HashMap<>();
    accounts.forEach(
        (key, account) ->
            uses.put(key, keepsTimes ? live(account) : List.of(new Charge(time, used(account)))));
    rule = newRule;
    accounts.clear();
    uses.forEach((key, charges) -> scale(account(key), charges, oldRule.capacity()));
  }

  private long used(Account account) {
    return rule.capacity() - free(account, time);
  }

  /** Charges that count now or may count in the next window. */
  private List<Charge> live(Account account) {
    long from =
        switch (rule.algorithm()) {
          case FIXED_WINDOW -> windowStart(time);
          case SLIDING_WINDOW -> windowStart(time) - rule.periodMicros();
          default -> time - rule.periodMicros() + 1;
        };
    List<Charge> live = new ArrayList<>();
    for (Charge charge : account.charges) {
      if (charge.at() >= from) {
        // A window counter knows in which window, a log when.
        boolean exact = rule.algorithm() == RateLimitAlgorithm.MOVING_WINDOW;
        merge(live, new Charge(exact ? charge.at() : windowStart(charge.at()), charge.cost()));
      }
    }
    return live;
  }

  private static void merge(List<Charge> charges, Charge added) {
    int last = charges.size() - 1;
    if (last >= 0 && charges.get(last).at() == added.at()) {
      charges.set(last, new Charge(added.at(), charges.get(last).cost() + added.cost()));
    } else {
      charges.add(added);
    }
  }

  private void scale(Account account, List<Charge> charges, long oldCapacity) {
    long sum = 0;
    long before = 0;
    for (Charge charge : charges) {
      sum += charge.cost();
      long scaled = up(big(sum).multiply(big(rule.capacity())), big(oldCapacity));
      if (scaled > before) {
        add(account, scaled - before, charge.at());
      }
      before = scaled;
    }
  }

  private BigInteger period() {
    return big(rule.periodMicros());
  }

  private BigInteger count() {
    return big(rule.limit().count());
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static long up(BigInteger value, BigInteger divisor) {
    return value.add(divisor).subtract(BigInteger.ONE).divide(divisor).longValueExact();
  }
}
