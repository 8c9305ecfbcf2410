package io.shield.backend.redis.impl;

import io.shield.spi.limit.KeptCounters.Limit;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the keys of counters begin with. The hash tag in it keeps counters that are charged together
 * on one node of a Redis Cluster: all of them, or those of each policy.
 */
final class CounterKeys {
  private static final String FAMILY = "ratelimit:";
  private static final int GROUPS = 0x100;

  private final String whole;
  private final List<String> places;

  private CounterKeys(String before, String tag, String behind, boolean perPolicy) {
    this.whole = before + "{" + tag + "}" + behind;
    this.places =
        perPolicy
            ? IntStream.range(0, GROUPS)
                .mapToObj(group -> before + "{" + tag + hex(group) + "}" + behind)
                .toList()
            : List.of();
  }

  private static String hex(int group) {
    return String.format(Locale.ROOT, "%02x", group);
  }

  /**
   * The keys of a backend's counters.
   *
   * @param prefix what all keys of the backend begin with
   * @param perPolicy whether the counters of different policies may lie on different nodes
   */
  static CounterKeys of(String prefix, boolean perPolicy) {
    int end = prefix.indexOf('}');
    return prefix.startsWith("{") && end > 0
        ? new CounterKeys(
            "", prefix.substring(1, end), prefix.substring(end + 1) + FAMILY, perPolicy)
        : new CounterKeys(prefix + FAMILY, "counts", ":", perPolicy);
  }

  /** Whether the counters of different policies may lie on different nodes. */
  boolean perPolicy() {
    return !places.isEmpty();
  }

  /** Each beginning that a limit's keys may have, if policies have different ones. */
  List<String> places() {
    return places;
  }

  /** What all keys of a limit begin with. */
  String prefix(Limit limit) {
    return perPolicy() ? places.get(limit.policy().hashCode() & (GROUPS - 1)) : whole;
  }

  /** What other keys begin with. */
  String prefix() {
    return whole;
  }
}
