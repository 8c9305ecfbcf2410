package io.shield.internal.limit.counter;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys that a shared store refused, and until when it will: it need not be asked meanwhile.
 * Thread-safe.
 */
public final class KnownRefusals {
  /** A flood of refused keys is told apart so far; beyond, the store is asked. */
  private static final int MAX_KEYS = 10_000;

  private final ConcurrentHashMap<String, Refusal> byKey = new ConcurrentHashMap<>();

  /** None is known. */
  public KnownRefusals() {}

  /** Whoever asks for as much or more is refused until then. */
  private record Refusal(long cost, long untilMicros) {}

  /** How long a cost is refused for certain; 0 if the store has to be asked. */
  public long waitMicros(String key, long cost, long nowMicros) {
    if (byKey.isEmpty()) {
      return 0;
    }
    Refusal refusal = byKey.get(key);
    if (refusal == null || cost < refusal.cost) {
      return 0;
    }
    long left = refusal.untilMicros - nowMicros;
    if (left <= 0) {
      byKey.remove(key, refusal);
    }
    return Math.max(0, left);
  }

  /** The store refused a cost, and will for so long. */
  public void add(String key, long cost, long nowMicros, long waitMicros) {
    if (byKey.size() >= MAX_KEYS) {
      byKey.values().removeIf(refusal -> refusal.untilMicros <= nowMicros);
    }
    if (byKey.size() < MAX_KEYS) {
      byKey.put(key, new Refusal(cost, nowMicros + waitMicros));
    }
  }

  public void forget(String key) {
    byKey.remove(key);
  }

  public void forgetAll() {
    byKey.clear();
  }
}
