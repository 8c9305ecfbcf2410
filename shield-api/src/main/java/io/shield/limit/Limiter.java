package io.shield.limit;

import io.shield.limit.impl.LimiterImpl;
import java.util.function.Consumer;

/**
 * Counts many keys against one rule.
 *
 * <p>Thread-safe; what is admitted never exceeds the rule's bound, however many threads ask.
 * Nothing waits for I/O, and a key that is known costs no allocation (a moving window's log may
 * grow).
 *
 * <p>Time is a number of microseconds since 1970, not negative, given by the caller. When it goes
 * back, nothing more is admitted for it: the limiter's time stands still until it is caught up
 * with.
 *
 * <p>Memory is bounded, see {@link LimiterOptions#setMaxKeys}. Keys with nothing in use go first;
 * when there are none, some key that could still use something makes room for a new one. A key that
 * is being refused is never dropped. If there are no others, the new key is not counted and passes:
 * see {@link #uncounted}.
 */
public interface Limiter {
  /** What {@link #charge} answers for a cost above the capacity. */
  long NEVER = Long.MIN_VALUE;

  /**
   * Makes a limiter that has counted nothing yet.
   *
   * @param rule what is allowed
   * @param options how counters are kept; copied
   */
  static Limiter create(LimitRule rule, LimiterOptions options) {
    return new LimiterImpl(rule, new LimiterOptions(options), LimiterContext.alone());
  }

  /** What is enforced. */
  LimitRule rule();

  /**
   * Takes units if there are enough of them; otherwise takes nothing.
   *
   * @param key whose
   * @param cost how many, at least 0
   * @param nowMicros the time
   * @return not negative: the units that remain, rounded down. Negative: refused; its absolute
   *     value is the number of microseconds after which, if nobody else takes any, this cost
   *     passes, and before which it does not; {@link #NEVER} if the cost is above the capacity
   * @throws IllegalArgumentException if the cost or the time is negative
   */
  long charge(String key, long cost, long nowMicros);

  /** Answers what {@link #charge} would, and takes nothing. */
  long peek(String key, long cost, long nowMicros);

  /**
   * Gives back what was charged for a request that did not happen, as if it had not been charged.
   * Where that cannot be told any more (the window is over, the bucket filled since, the rule was
   * replaced, the clock went back), less or nothing is given back: the bound holds in any case.
   * Right after the charge, with its time, all is.
   *
   * @param key whose
   * @param cost what was charged
   * @param chargedAtMicros the time it was charged with
   */
  void refund(String key, long cost, long chargedAtMicros);

  /**
   * How long until the key has everything back if it uses nothing: the end of a fixed window, a
   * full token bucket.
   *
   * @return microseconds, 0 if it has everything
   */
  long resetAfterMicros(String key, long nowMicros);

  /** Forgets what one key has used. */
  void reset(String key);

  /** Forgets what all keys have used. */
  void resetAll();

  /**
   * Moves all counters to a new rule. The share of the capacity that a key has in use stays the
   * same, rounded up to whole units. With the same algorithm and period it was used when it was
   * used; otherwise it counts as used now.
   *
   * <p>Nothing is lost meanwhile: this limiter forwards to the new one what it is still asked.
   * Takes time in proportion to the number of keys, a second or less for a million.
   *
   * @return the limiter to use from now on; this one if the rule is the same
   */
  Limiter replacedBy(LimitRule newRule, long nowMicros);

  /** How many keys are kept. */
  int size();

  /** How many charges, of all limiters that share a context, passed uncounted for lack of room. */
  long uncounted();

  /** Drops the keys that have nothing in use. New keys do that little by little anyway. */
  void sweep(long nowMicros);

  /**
   * Shows each key that has something in use. Keys that are charged meanwhile are shown as they
   * were at some moment.
   *
   * @param nowMicros the time
   * @param consumer called on this thread; must not call this limiter
   */
  void forEachLive(long nowMicros, Consumer<LiveCounter> consumer);

  /**
   * Adds what a key had in use, as {@link #forEachLive} of a limiter with the same rule showed it.
   * What is over by now is left out; what was used later than now counts as used now.
   */
  void restore(LiveCounter counter, long nowMicros);
}
