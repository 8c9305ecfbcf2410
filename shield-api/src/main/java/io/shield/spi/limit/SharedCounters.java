package io.shield.spi.limit;

import io.shield.model.store.Head;
import io.shield.spi.limit.KeptCounters.Limit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests for several processes together, in a store that all of them reach. Methods may be
 * called from any thread and must not block.
 *
 * <p>A request never waits long for it: {@link #charge} fails after some milliseconds, and while
 * the store cannot be reached at once. What becomes of the request then its policies say.
 */
public interface SharedCounters {
  /**
   * Opens connections. Requests may come before it was called, and before it has succeeded: their
   * charge fails then, and their policies say what becomes of them. The reset of a policy that
   * comes before is kept.
   *
   * @return succeeds, after some seconds at most, although the store cannot be reached
   */
  Future<Void> startup(Vertx vertx);

  /**
   * Charges one request: all demands that are in force, or none of them; if they pass, then the
   * demands of each shadow policy, or none of that policy's.
   *
   * @param demands what the request takes, at least one
   * @return completes on the caller's context; fails if the store does not answer in time, in which
   *     case the request may have been counted
   */
  Future<Answer> charge(List<Demand> demands);

  /**
   * Gives back what was charged for a request that did not happen. Where that is not certain, less
   * or nothing is given back.
   *
   * @param atMicros the time that was answered
   */
  void giveBack(Demand demand, long atMicros);

  /**
   * Gives back units that were lent and not used. Where that is not certain, less or nothing is
   * given back.
   *
   * @param units how many of them
   * @return completes when that is done, or failed
   */
  Future<Void> giveBack(Limit limit, String key, Lease lease, long units);

  /**
   * Forgets what a policy counted. Every node says so when it applies the commit that resets it;
   * only the first one has an effect.
   *
   * @param head the commit's
   */
  void reset(String policy, Head head);

  /** Forgets what was counted for one key. */
  void reset(Limit limit, String key);

  /** What is wrong, in one line; null while the store answers. */
  @Nullable String problem();

  /** Closes what was opened. */
  Future<Void> shutdown();

  /**
   * What a request takes of one counter.
   *
   * @param limit which
   * @param key whose
   * @param cost how many units, at most the capacity
   * @param shadow whether its policy refuses nothing
   * @param ahead how many units the process wants to be lent beside, if the request passes; 0 for
   *     none
   */
  record Demand(Limit limit, String key, long cost, boolean shadow, long ahead) {
    public Demand {
      Objects.requireNonNull(limit, "limit");
      Objects.requireNonNull(key, "key");
    }
  }

  /**
   * What became of a request.
   *
   * @param admitted whether it passes
   * @param atMicros when it was charged, by the store's clock
   * @param standings how the counters stand, in the order of the demands
   */
  record Answer(boolean admitted, long atMicros, List<Standing> standings) {
    public Answer {
      standings = List.copyOf(standings);
    }
  }

  /**
   * How one counter stands after a request.
   *
   * @param counted whether it counted the request
   * @param remaining the units that remain
   * @param waitMicros how long until the demand, once more, would be met; 0 if it would be now
   * @param resetMicros how long until nothing is in use
   * @param lease what is lent; null if nothing is
   */
  record Standing(
      boolean counted, long remaining, long waitMicros, long resetMicros, @Nullable Lease lease) {}

  /**
   * Units that are lent to a process, which counts them by itself. The store counts them as used.
   *
   * @param units how many, at least 1 and at most a quarter of what was left
   * @param micros for how long from the charge on, at most a tenth of the period; not to be used
   *     afterwards
   * @param untilMicros the same as a moment by the store's clock, as of which they count as used
   * @param generation which reset of the policy they follow, in the store's words
   */
  record Lease(long units, long micros, long untilMicros, String generation) {
    public Lease {
      Objects.requireNonNull(generation, "generation");
    }
  }
}
