package io.shield.internal.limit;

import io.shield.internal.limit.counter.Limiter;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.store.Head;
import io.shield.spi.limit.CounterStore;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.KeptCounters.Kept;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LiveCounter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what policies have counted, in bounds: first the counters that refuse, then others. Times
 * are the wall clock's, which the next process begins with.
 */
final class CounterReading {
  private final long nowMicros;
  private final long wallOffset;
  private final Map<Limit, List<Kept>> refusing = new LinkedHashMap<>();
  private final Map<Limit, List<Kept>> others = new LinkedHashMap<>();

  CounterReading(LimitClock clock) {
    this.nowMicros = clock.exact();
    this.wallOffset = clock.wallOffset();
  }

  /** Reads all limits of a policy. */
  void read(PolicyLimit policy) {
    policy.forEachLimit(bucket -> read(bucket.limit(), bucket.limiter()));
  }

  private void read(Limit limit, Limiter limiter) {
    List<LiveCounter> live = new ArrayList<>();
    limiter.forEachLive(nowMicros, live::add);
    List<Kept> refused = new ArrayList<>();
    List<Kept> free = new ArrayList<>();
    for (LiveCounter counter : live) {
      boolean refuses = limiter.peek(counter.key(), 1, nowMicros) < 0;
      long until = nowMicros + limiter.resetAfterMicros(counter.key(), nowMicros);
      (refuses ? refused : free)
          .add(new Kept(counter.shifted(wallOffset), refuses, until + wallOffset));
    }
    refusing.put(limit, refused);
    others.put(limit, free);
  }

  /** What was read, at most as much as a store keeps. */
  List<KeptCounters> kept(Head head) {
    Map<Limit, List<Kept>> chosen = new LinkedHashMap<>();
    int counters = CounterStore.MAX_COUNTERS;
    int uses = CounterStore.MAX_USES;
    for (Map<Limit, List<Kept>> rank : List.of(refusing, others)) {
      for (Map.Entry<Limit, List<Kept>> entry : rank.entrySet()) {
        for (Kept kept : entry.getValue()) {
          int size = kept.counter().uses().size();
          if (counters > 0 && uses >= size) {
            counters--;
            uses -= size;
            chosen.computeIfAbsent(entry.getKey(), limit -> new ArrayList<>()).add(kept);
          }
        }
      }
    }
    return chosen.entrySet().stream()
        .map(entry -> new KeptCounters(entry.getKey(), head, entry.getValue()))
        .toList();
  }
}
