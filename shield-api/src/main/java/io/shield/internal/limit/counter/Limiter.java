package io.shield.internal.limit.counter;

import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts many keys against one rule.
 *
 * <p>Thread-safe; what is admitted never exceeds the rule's bound, however many threads ask.
 * Nothing waits for I/O, and a key that is known costs no allocation (a moving window's log may
 * grow).
 *
 * <p>Time is a number of microseconds since 1970, not negative, given by the caller. When it goes
 * back, nothing more is admitted for it: a key's time stands still until it is caught up with.
 *
 * <p>Memory is bounded: a key takes about 30 bytes beside its string, with the sliding window and
 * the token bucket 40, with the moving window 140 and 16 to 32 more for each request beyond four
 * that is still counted. Keys with nothing in use go first; when none is at hand, some key that
 * could still use something makes room for a new one. A key that has nothing left is never dropped.
 * If only such are at hand, the new key is not counted and passes: see {@link #uncounted}.
 *
 * <p>It is a hash table in segments, each with its own lock, so that growth is done in small steps
 * and threads are seldom in each other's way.
 */
public final class Limiter {
  /** What {@link #charge} answers for a cost above the capacity. */
  public static final long NEVER = Long.MIN_VALUE;

  /** How many keys are counted at most unless said otherwise. */
  public static final int DEFAULT_MAX_KEYS = 100_000;

  private static final int MAX_SEGMENTS = 64;
  private static final int KEYS_PER_SEGMENT = 1024;

  /** Odd, with well mixed bits: the golden ratio. */
  private static final int MIXER = 0x9e37_79b9;

  /**
   * Nobody can tell which keys meet: many in one segment would cost each request of them time. Keys
   * of the same {@code hashCode} do meet, as many as a segment may hold.
   */
  private static final int SALT = new SecureRandom().nextInt();

  private static final int HASH_BITS = Integer.bitCount(Table.HASH);

  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);

  private final LimitRule rule;
  private final int maxKeys;
  private final LimiterContext context;
  private final Algorithm algorithm;

  /** Made when first needed: most limits are asked for few keys, or none. */
  private final @Nullable Segment[] segments;

  /** When it began to count, 0 for at any time: no key's time is before. */
  private final long begun;

  /** What replaced this one, once all has moved there. */
  private volatile @Nullable Limiter heir;

  /** How far a hash is shifted to choose a segment; its other bits choose the place there. */
  private final int shift;

  /**
   * A limiter that has counted nothing yet.
   *
   * @param rule what is allowed
   * @param maxKeys how many keys are counted at most, at least 1
   * @param context what it shares with others
   */
  public Limiter(LimitRule rule, int maxKeys, LimiterContext context) {
    this(rule, maxKeys, context, 0);
  }

  private Limiter(LimitRule rule, int maxKeys, LimiterContext context, long begun) {
    this.rule = Objects.requireNonNull(rule, "rule");
    this.maxKeys = maxKeys;
    this.context = context;
    this.begun = begun;
    this.algorithm = Algorithm.of(rule, context);
    int wanted = Math.min(MAX_SEGMENTS, maxKeys / KEYS_PER_SEGMENT);
    int count = Integer.highestOneBit(Math.max(1, wanted));
    shift = HASH_BITS - Integer.numberOfTrailingZeros(count);
    segments = new Segment[count];
  }

  /** A limiter alone, of so many keys at most. */
  public static Limiter create(LimitRule rule, int maxKeys) {
    return new Limiter(rule, maxKeys, LimiterContext.alone());
  }

  /** A limiter alone. */
  public static Limiter create(LimitRule rule) {
    return create(rule, DEFAULT_MAX_KEYS);
  }

  /** What is enforced. */
  public LimitRule rule() {
    return rule;
  }

  /** Spreads the bits; the highest result bits depend on all of them. */
  private static int hash(String key) {
    int hash = key.hashCode() ^ SALT;
    return ((hash ^ (hash >>> 15)) * MIXER) >>> (Integer.SIZE - HASH_BITS);
  }

  private Segment segment(int hash) {
    return segmentAt(hash >>> shift);
  }

  private Segment segmentAt(int place) {
    Segment known = (Segment) SEGMENT.getAcquire(segments, place);
    return known != null ? known : made(place);
  }

  private Segment made(int place) {
    int keys = (maxKeys + place) / segments.length;
    Segment made = new Segment(algorithm, keys, shift, context.uncounted(), begun);
    Segment other = (Segment) SEGMENT.compareAndExchange(segments, place, (Segment) null, made);
    return other != null ? other : made;
  }

  private void forEachSegment(Consumer<Segment> consumer) {
    for (int i = 0; i < segments.length; i++) {
      Segment segment = (Segment) SEGMENT.getAcquire(segments, i);
      if (segment != null) {
        consumer.accept(segment);
      }
    }
  }

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
  public long charge(String key, long cost, long nowMicros) {
    check(cost, nowMicros);
    int hash = hash(key);
    return segment(hash).charge(hash, key, cost, nowMicros);
  }

  /** Answers what {@link #charge} would, and takes nothing. */
  public long peek(String key, long cost, long nowMicros) {
    check(cost, nowMicros);
    int hash = hash(key);
    return segment(hash).peek(hash, key, cost, nowMicros);
  }

  private static void check(long cost, long now) {
    if (cost < 0) {
      throw new IllegalArgumentException("the cost " + cost + " is negative");
    }
    check(now);
  }

  private static void check(long now) {
    if (now < 0) {
      throw new IllegalArgumentException("the time " + now + " is negative");
    }
  }

  /** A wait is counted from the caller's time. */
  static long answer(long answer, long now, long time) {
    return answer >= 0 || answer == NEVER ? answer : answer - (time - now);
  }

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
  public void refund(String key, long cost, long chargedAtMicros) {
    Counter counter = lock(key);
    if (counter != null) {
      try {
        algorithm.refund(counter, cost, chargedAtMicros);
      } finally {
        counter.unlock();
      }
    }
  }

  /** The key's counter, to be unlocked soon; null if there is none or all has moved elsewhere. */
  public @Nullable Counter lock(String key) {
    int hash = hash(key);
    return segment(hash).lock(hash, key);
  }

  /** As {@link #lock}; also null if another thread has locked it, or another key's beside it. */
  public @Nullable Counter tryLock(String key) {
    int hash = hash(key);
    return segment(hash).tryLock(hash, key);
  }

  /** As {@link #peek(String, long, long)}, on a counter that the caller has locked. */
  public long peek(Counter locked, long cost, long nowMicros) {
    check(cost, nowMicros);
    long time = locked.forwards(nowMicros);
    return cost > algorithm.capacity
        ? NEVER
        : answer(algorithm.peek(locked, cost, time), nowMicros, time);
  }

  /** Takes what {@link #peek(Counter, long, long)} said was there. */
  public void take(Counter locked, long cost, long nowMicros) {
    algorithm.take(locked, cost, locked.forwards(nowMicros));
  }

  /**
   * How long until the key has everything back if it uses nothing: the end of a fixed window, a
   * full token bucket.
   *
   * @return microseconds, 0 if it has everything
   */
  public long resetAfterMicros(String key, long nowMicros) {
    check(nowMicros);
    int hash = hash(key);
    return segment(hash).resetAfter(hash, key, nowMicros);
  }

  /** Forgets what one key has used. */
  public void reset(String key) {
    int hash = hash(key);
    segment(hash).reset(hash, key);
  }

  /** Forgets what all keys have used. */
  public void resetAll() {
    forEachSegment(Segment::resetAll);
  }

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
  public Limiter replacedBy(LimitRule newRule, long nowMicros) {
    if (heir != null) {
      return latestHeir().replacedBy(newRule, nowMicros);
    }
    if (newRule.equals(rule)) {
      return this;
    }
    check(nowMicros);
    Limiter successor = new Limiter(newRule, maxKeys, context, Math.max(begun, nowMicros));
    for (int i = 0; i < segments.length; i++) {
      // Also one that nobody needed: who needs it later is to be forwarded.
      segmentAt(i).moveTo(successor, i, rule);
    }
    heir = successor;
    return successor;
  }

  /** When it began: no key's time is before that. */
  long begun() {
    return begun;
  }

  /** No time of a segment's keys is before this one from now on. */
  void standAt(int place, long time) {
    if (time > begun) {
      segmentAt(place).standAt(time);
    }
  }

  /** This limiter, or what replaced it and what replaced that. */
  Limiter latestHeir() {
    Limiter latest = this;
    for (Limiter next = heir; next != null; next = next.heir) {
      latest = next;
    }
    return latest;
  }

  /** How many keys are kept. */
  public int size() {
    int sum = 0;
    for (int i = 0; i < segments.length; i++) {
      Segment segment = (Segment) SEGMENT.getAcquire(segments, i);
      sum += segment == null ? 0 : segment.size();
    }
    return sum;
  }

  /** How many charges, of all limiters that share a context, passed uncounted for lack of room. */
  public long uncounted() {
    return context.uncounted().sum();
  }

  /** Drops the keys that have nothing in use. New keys do that little by little anyway. */
  public void sweep(long nowMicros) {
    check(nowMicros);
    forEachSegment(segment -> segment.sweep(nowMicros));
  }

  /**
   * Shows each key that has something in use. Keys that are charged meanwhile are shown as they
   * were at some moment.
   *
   * @param nowMicros the time
   * @param consumer called on this thread; must not call this limiter
   */
  public void forEachLive(long nowMicros, Consumer<LiveCounter> consumer) {
    check(nowMicros);
    forEachSegment(segment -> segment.live(nowMicros).forEach(consumer));
  }

  /**
   * Adds what a key had in use, as {@link #forEachLive} of a limiter with the same rule showed it.
   * What is over by now is left out; what was used later than now counts as used now.
   */
  public void restore(LiveCounter counter, long nowMicros) {
    check(nowMicros);
    int hash = hash(counter.key());
    segment(hash).restore(hash, counter, nowMicros);
  }

  /**
   * What the limiters of an engine share.
   *
   * @param wallOffset what is to be added to a limiter's time to have the wall clock's, in
   *     microseconds; fixed windows begin at whole periods of the wall clock
   * @param uncounted counts the charges that pass uncounted for lack of room
   */
  public record LimiterContext(LongSupplier wallOffset, LongAdder uncounted) {
    public LimiterContext {
      Objects.requireNonNull(wallOffset, "wallOffset");
      Objects.requireNonNull(uncounted, "uncounted");
    }

    /** That of a limiter alone, whose time is the wall clock's. */
    public static LimiterContext alone() {
      return new LimiterContext(() -> 0, new LongAdder());
    }
  }
}
