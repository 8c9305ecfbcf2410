package io.shield;

import io.shield.model.audit.Actor;
import io.vertx.core.Future;

/**
 * The store as this node sees it, and what an operator can do when it is not believed.
 *
 * <p>A node believes a store that is what it knew, or what can have become of it. One that is
 * empty, older or of another lineage is not believed: what the node knows stays in force and
 * changes are refused, until the old store is back or an operator decides. All methods may be
 * called from any thread.
 */
public interface Store {
  /** How the store is doing. Never blocks. */
  StoreStatus status();

  /**
   * Believes the store as it is now: all nodes take over what it holds, whatever they knew.
   *
   * @param reason for the audit log
   * @return how the store is doing afterwards; fails if the store is believed already, cannot be
   *     reached, changed at the same moment, or knows nothing of epochs
   */
  Future<StoreStatus> adopt(Actor actor, String reason);

  /**
   * Writes what this node knows into the store, in place of what it holds: all nodes take that
   * over.
   *
   * @param reason for the audit log
   * @return how the store is doing afterwards; fails as {@link #adopt} does
   */
  Future<StoreStatus> reseed(Actor actor, String reason);
}
