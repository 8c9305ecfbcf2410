package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.SharedCounters.Lease;
import io.shield.spi.limit.SharedCounters.Standing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Units of one limit that a shared store lent to this process, by key. They are counted here, and
 * what is not used in time is given back. A key gets some when it is asked for again within the
 * time of a lease, as many as it used lately. Thread-safe.
 */
public final class Leases {
  /** Shorter periods are over before a lease is of use. */
  public static final long MIN_PERIOD_MICROS = 1_000_000;

  private static final int MAX_KEYS = 10_000;
  private static final long LEAST = 16;

  private final ConcurrentHashMap<String, OfKey> byKey = new ConcurrentHashMap<>();
  private final long micros;

  /** None are lent yet. */
  public Leases(LimitRule rule) {
    this.micros = rule.periodMicros() / 10;
  }

  /** For how long units are lent. */
  public long micros() {
    return micros;
  }

  /** Takes what is not used in time back to where it came from. */
  @FunctionalInterface
  public interface Returns {
    /** So many units of a lease were not used. */
    void giveBack(String key, Lease lease, long units);
  }

  /** What is lent of a key; null if too many keys have some already. */
  public @Nullable OfKey of(String key) {
    OfKey known = byKey.get(key);
    return known != null || byKey.size() >= MAX_KEYS
        ? known
        : byKey.computeIfAbsent(key, k -> new OfKey());
  }

  /** What is lent is forgotten: the store has forgotten it too. */
  public void forget(String key) {
    byKey.remove(key);
  }

  /** As {@link #forget(String)}, for all keys. */
  public void forgetAll() {
    byKey.clear();
  }

  /**
   * Gives back what may not be used any more.
   *
   * @param all whether nothing more is to be used
   */
  public void giveBack(long nowMicros, boolean all, Returns returns) {
    byKey.forEach(
        (key, leases) -> {
          if (leases.giveBack(key, nowMicros, all, returns)) {
            byKey.remove(key, leases);
          }
        });
  }

  /** Units of one lease that are left, until a moment. */
  public static final class Grant {
    private final OfKey owner;
    private final Lease lease;
    private final long until;
    private final long remaining;
    private final long resetAt;
    private long left;

    private Grant(OfKey owner, Lease lease, long askedAt, Standing standing) {
      this.owner = owner;
      this.lease = lease;
      // It was charged after it was asked for.
      this.until = askedAt + lease.micros();
      this.remaining = standing.remaining();
      this.resetAt = askedAt + standing.resetMicros();
      this.left = lease.units();
    }

    /** The request that took units did not happen. */
    public void giveBack(long cost) {
      synchronized (owner) {
        left += cost;
      }
    }

    /** What remains here and, when it was lent, in the store. */
    public Standing standing(long nowMicros) {
      synchronized (owner) {
        return new Standing(true, remaining + left, 0, Math.max(0, resetAt - nowMicros), null);
      }
    }
  }

  /** What is lent of one key. */
  public final class OfKey {
    private final Deque<Grant> grants = new ArrayDeque<>(2);

    /** What of it can be used. */
    private long lent;

    private boolean asking;

    /** Units used since a moment, and in the time of a lease before. */
    private long used;

    private long usedBefore;
    private long since;

    /** Takes units; null if too few are left. */
    public synchronized @Nullable Grant take(long cost, long nowMicros) {
      use(cost, nowMicros);
      for (Grant one : grants) {
        if (one.left >= cost && nowMicros < one.until) {
          one.left -= cost;
          return one;
        }
      }
      return null;
    }

    private void use(long cost, long now) {
      long passed = now - since;
      if (passed >= micros) {
        usedBefore = passed < 2 * micros ? used : 0;
        used = 0;
        since = now;
      }
      used += cost;
    }

    /**
     * How many units to ask for; 0 if there are enough, if somebody asks already, or if the key was
     * not used before. Who gets a number must call {@link #answered} later.
     */
    public synchronized long wanted(long cost, long nowMicros) {
      long recent = Math.max(2 * used, usedBefore);
      if (asking || recent <= 2 * cost || usable(nowMicros) > lent / 4) {
        return 0;
      }
      asking = true;
      return Math.max(LEAST, recent);
    }

    private long usable(long now) {
      long sum = 0;
      for (Grant one : grants) {
        sum += now < one.until ? one.left : 0;
      }
      return sum;
    }

    /**
     * The store answered or failed.
     *
     * @param askedAt when it was asked
     * @param standing what it answered, null if it failed
     */
    public synchronized void answered(long askedAt, @Nullable Standing standing) {
      asking = false;
      Lease lease = standing == null ? null : standing.lease();
      if (standing != null && lease != null) {
        grants.add(new Grant(this, lease, askedAt, standing));
        lent = lease.units();
      }
    }

    /** Returns whether nothing is left and the key is not used any more. */
    private synchronized boolean giveBack(String key, long now, boolean all, Returns returns) {
      for (Iterator<Grant> each = grants.iterator(); each.hasNext(); ) {
        Grant one = each.next();
        if (all || now >= one.until) {
          each.remove();
          if (one.left > 0) {
            returns.giveBack(key, one.lease, one.left);
          }
          one.left = 0;
        }
      }
      return grants.isEmpty() && !asking && now - since >= 2 * micros;
    }
  }
}
