package io.shield.backend.cluster.impl;

import io.vertx.core.Future;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Texts under keys that all members of a cluster see, each written once. No more than this is asked
 * of a cluster: what else its maps, locks and counters promise does not hold when members die.
 */
interface CommitLog {
  /** The text under a key, or null if there is none. */
  Future<@Nullable String> get(String key);

  /**
   * Writes a text, unless there is one. Of several that try at the same time one succeeds.
   *
   * @return null if it was written, else the text that is there. If the future fails it may be
   *     written all the same, also later.
   */
  Future<@Nullable String> putIfAbsent(String key, String text);

  /** Removes what is under a key. */
  Future<Void> remove(String key);

  /** All keys. Slow. */
  Future<Set<String>> keys();

  /** Removes an entry of which a part was lost; leaves every other alone. */
  default Future<Void> removeBroken(String key) {
    return Future.succeededFuture();
  }
}
