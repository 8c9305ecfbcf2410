package io.shield.backend.redis.impl;

import io.shield.spi.limit.KeptCounters.Limit;
import java.util.Locale;

/**
 * What the keys of counters begin with. The hash tag in it keeps counters that are charged together
 * on one node of a Redis Cluster: all of them, or those of each policy.
 *
 * @param before what stands before the tag
 * @param tag the tag, without its braces
 * @param behind what stands behind the tag
 * @param perPolicy whether the counters of different policies may lie on different nodes
 */
record CounterKeys(String before, String tag, String behind, boolean perPolicy) {
  private static final String FAMILY = "ratelimit:";
  private static final int GROUPS = 0xff;

  /**
   * The keys of a backend's counters.
   *
   * @param prefix what all keys of the backend begin with
   */
  static CounterKeys of(String prefix, boolean perPolicy) {
    int end = prefix.indexOf('}');
    return prefix.startsWith("{") && end > 0
        ? new CounterKeys(
            "", prefix.substring(1, end), prefix.substring(end + 1) + FAMILY, perPolicy)
        : new CounterKeys(prefix + FAMILY, "counts", ":", perPolicy);
  }

  /** What all keys of a limit begin with. */
  String prefix(Limit limit) {
    return perPolicy
        ? prefix(tag + String.format(Locale.ROOT, "%02x", limit.policy().hashCode() & GROUPS))
        : prefix(tag);
  }

  /** What other keys begin with. */
  String prefix() {
    return prefix(tag);
  }

  private String prefix(String whole) {
    return before + "{" + whole + "}" + behind;
  }
}
