package io.shield.limit.impl;

import io.shield.limit.LimitRule;
import io.shield.limit.Limiter;
import io.shield.limit.LimiterContext;
import io.shield.limit.LimiterOptions;
import io.shield.limit.LiveCounter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of counters in segments, each with its own lock for what changes the table, so that
 * growth is done in small steps. A charge of a known key locks its counter only.
 */
public final class LimiterImpl implements Limiter {
  private static final int MAX_SEGMENTS = 64;
  private static final int KEYS_PER_SEGMENT = 1024;

  /** Odd, with well mixed bits: the golden ratio. */
  private static final int MIXER = 0x9e37_79b9;

  private static final int HASH_BITS = Integer.bitCount(Counter.HASH);

  private static final VarHandle LATEST;

  static {
    try {
      LATEST = MethodHandles.lookup().findVarHandle(LimiterImpl.class, "latest", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LimitRule rule;
  private final LimiterOptions options;
  private final LimiterContext context;
  private final Algorithm algorithm;
  private final Segment[] segments;

  /** The latest time asked with; an earlier one counts as this. */
  private volatile long latest;

  /** What replaced this one, once all has moved there. */
  private volatile @Nullable LimiterImpl heir;

  /** How far a hash is shifted to choose a segment; its low bits choose the slot. */
  private final int shift;

  public LimiterImpl(LimitRule rule, LimiterOptions options, LimiterContext context) {
    this.rule = Objects.requireNonNull(rule, "rule");
    this.options = options;
    this.context = context;
    this.algorithm = Algorithm.of(rule, context);
    int wanted = Math.min(MAX_SEGMENTS, options.getMaxKeys() / KEYS_PER_SEGMENT);
    int count = Integer.highestOneBit(Math.max(1, wanted));
    shift = HASH_BITS - Integer.numberOfTrailingZeros(count);
    segments = new Segment[count];
    for (int i = 0; i < count; i++) {
      segments[i] = new Segment(algorithm, (options.getMaxKeys() + i) / count, context.uncounted());
    }
  }

  @Override
  public LimitRule rule() {
    return rule;
  }

  /** Spreads the bits; the highest result bits depend on all of them. */
  private static int hash(String key) {
    int hash = key.hashCode();
    return ((hash ^ (hash >>> 15)) * MIXER) >>> (Integer.SIZE - HASH_BITS);
  }

  private Segment segment(int hash) {
    return segments[hash >>> shift];
  }

  @Override
  public long charge(String key, long cost, long nowMicros) {
    long time = forwards(cost, nowMicros);
    int hash = hash(key);
    Segment segment = segment(hash);
    Counter counter = segment.find(hash, key);
    if (counter == null || cost > algorithm.capacity || !counter.lock()) {
      return answer(segment.charge(hash, key, cost, time), nowMicros, time);
    }
    try {
      return answer(algorithm.charge(counter, cost, time), nowMicros, time);
    } finally {
      counter.unlock();
    }
  }

  @Override
  public long peek(String key, long cost, long nowMicros) {
    long time = forwards(cost, nowMicros);
    int hash = hash(key);
    Segment segment = segment(hash);
    Counter counter = segment.find(hash, key);
    if (counter == null || cost > algorithm.capacity || !counter.lock()) {
      return answer(segment.peek(hash, key, cost, time), nowMicros, time);
    }
    try {
      return answer(algorithm.peek(counter, cost, time), nowMicros, time);
    } finally {
      counter.unlock();
    }
  }

  private long forwards(long cost, long now) {
    if (cost < 0) {
      throw new IllegalArgumentException("the cost " + cost + " is negative");
    }
    return forwards(now);
  }

  /** The time, or the latest there was if the clock went back. */
  private long forwards(long now) {
    if (now < 0) {
      throw new IllegalArgumentException("the time " + now + " is negative");
    }
    long seen = latest;
    while (now > seen) {
      if (LATEST.compareAndSet(this, seen, now)) {
        return now;
      }
      seen = latest;
    }
    return seen;
  }

  /** A wait is counted from the caller's time. */
  private static long answer(long answer, long now, long time) {
    return answer >= 0 || answer == NEVER ? answer : answer - (time - now);
  }

  @Override
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
    Counter counter = segment(hash).find(hash, key);
    return counter != null && counter.lock() ? counter : null;
  }

  /** As {@link #lock}; also null if another thread has locked it. */
  public @Nullable Counter tryLock(String key) {
    int hash = hash(key);
    Counter counter = segment(hash).find(hash, key);
    return counter != null && counter.tryLock() ? counter : null;
  }

  /** As {@link #peek(String, long, long)}, on a counter that the caller has locked. */
  public long peek(Counter locked, long cost, long nowMicros) {
    long time = forwards(cost, nowMicros);
    return cost > algorithm.capacity
        ? NEVER
        : answer(algorithm.peek(locked, cost, time), nowMicros, time);
  }

  /** Takes what {@link #peek(Counter, long, long)} said was there. */
  public void take(Counter locked, long cost, long nowMicros) {
    algorithm.take(locked, cost, forwards(nowMicros));
  }

  @Override
  public long resetAfterMicros(String key, long nowMicros) {
    long time = forwards(nowMicros);
    int hash = hash(key);
    Segment segment = segment(hash);
    Counter counter = segment.find(hash, key);
    if (counter == null || !counter.lock()) {
      return fromNow(segment.resetAfter(hash, key, time), nowMicros, time);
    }
    try {
      return fromNow(algorithm.resetAfter(counter, time), nowMicros, time);
    } finally {
      counter.unlock();
    }
  }

  private static long fromNow(long after, long now, long time) {
    return after == 0 ? 0 : after + (time - now);
  }

  @Override
  public void reset(String key) {
    int hash = hash(key);
    segment(hash).reset(hash, key);
  }

  @Override
  public void resetAll() {
    for (Segment segment : segments) {
      segment.resetAll();
    }
  }

  @Override
  public LimiterImpl replacedBy(LimitRule newRule, long nowMicros) {
    if (heir != null) {
      return latestHeir().replacedBy(newRule, nowMicros);
    }
    if (newRule.equals(rule)) {
      return this;
    }
    LimiterImpl successor = new LimiterImpl(newRule, options, context);
    successor.latest = forwards(nowMicros);
    Rescaling rescaling = new Rescaling(rule, newRule, successor.latest);
    for (Segment segment : segments) {
      segment.moveTo(successor, rescaling);
    }
    heir = successor;
    return successor;
  }

  /** This limiter, or what replaced it and what replaced that. */
  LimiterImpl latestHeir() {
    LimiterImpl latest = this;
    for (LimiterImpl next = heir; next != null; next = next.heir) {
      latest = next;
    }
    return latest;
  }

  @Override
  public int size() {
    int sum = 0;
    for (Segment segment : segments) {
      sum += segment.size();
    }
    return sum;
  }

  @Override
  public long uncounted() {
    return context.uncounted().sum();
  }

  @Override
  public void sweep(long nowMicros) {
    long time = forwards(nowMicros);
    for (Segment segment : segments) {
      segment.sweep(time);
    }
  }

  @Override
  public void forEachLive(long nowMicros, Consumer<LiveCounter> consumer) {
    long time = forwards(nowMicros);
    for (Segment segment : segments) {
      segment.live(time).forEach(consumer);
    }
  }

  @Override
  public void restore(LiveCounter counter, long nowMicros) {
    int hash = hash(counter.key());
    segment(hash).restore(hash, counter, forwards(nowMicros));
  }
}
