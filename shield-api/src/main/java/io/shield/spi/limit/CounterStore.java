package io.shield.spi.limit;

import io.vertx.core.Future;
import java.util.List;

/**
 * Keeps what one engine has counted in its process, so that what was used up stays used up when it
 * is started again. Counters are no state: they may be some seconds old, and whoever cannot keep
 * them says so in the log and goes on. Methods may be called from any thread and must not block.
 */
public interface CounterStore {
  /** How many counters are kept; those that refuse first. */
  int MAX_COUNTERS = 100_000;

  /** How many moments of use are kept in all of them; a moving window has many in one counter. */
  int MAX_USES = 1_000_000;

  /**
   * Keeps counters in place of those that were given to this object before.
   *
   * @return succeeds when they are taken over; they may be written a little later
   */
  Future<Void> save(List<KeptCounters> counters);

  /**
   * What is kept, of all engines that share the store. A limit may be in it several times; of
   * counters of one key the one that {@link KeptCounters.Kept#exceeds} counts. What has passed may
   * be left out.
   */
  Future<List<KeptCounters>> load();
}
