package io.shield;

import io.shield.model.audit.Actor;
import io.shield.model.store.Head;
import io.vertx.core.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  Status status();

  /**
   * Believes the store as it is now: all nodes take over what it holds, whatever they knew.
   *
   * @param reason for the audit log
   * @return how the store is doing afterwards; fails if the store is believed already, cannot be
   *     reached, changed at the same moment, or knows nothing of epochs
   */
  Future<Status> adopt(Actor actor, String reason);

  /**
   * Writes what this node knows into the store, in place of what it holds: all nodes take that
   * over.
   *
   * @param reason for the audit log
   * @return how the store is doing afterwards; fails as {@link #adopt} does
   */
  Future<Status> reseed(Actor actor, String reason);

  /**
   * Says how many members a cluster has from now on, when some will not come back: a majority of
   * them decides. A store that is not kept by a cluster remembers it and has no use for it.
   *
   * @param count 1 to 1000
   * @param reason for the audit log
   * @return how the store is doing afterwards; fails as every change does
   * @throws io.shield.error.InvalidValueException if the count is out of range
   */
  Future<Status> members(int count, Actor actor, String reason);

  /**
   * How the store is doing, as this node sees it.
   *
   * @param condition the condition
   * @param head the head in force on this node
   * @param problem what is wrong, in one line, or null; a store that is read and followed may still
   *     not take writes
   * @param warning what should be mended although the store works, in one line, or null
   */
  record Status(
      Condition condition, Head head, @Nullable String problem, @Nullable String warning) {
    /** One without a warning. */
    public Status(Condition condition, Head head, @Nullable String problem) {
      this(condition, head, problem, null);
    }

    /** The conditions a store can be in. */
    public enum Condition {
      /** Not read yet. */
      STARTING,
      /** Read, and followed. */
      READY,
      /** Read before, not reachable now: what was read last stays in force. */
      UNREACHABLE,
      /** Empty, older or of another lineage: not believed, what was read last stays in force. */
      DISTRUSTED,
      /** The engine is closed. */
      CLOSED
    }

    public Status {
      Objects.requireNonNull(condition, "condition");
      Objects.requireNonNull(head, "head");
    }

    /** The same with this warning. */
    public Status withWarning(@Nullable String text) {
      return new Status(condition, head, problem, text);
    }

    /** The same with this problem, unless one is known. */
    public Status withProblem(@Nullable String text) {
      return problem != null || text == null ? this : new Status(condition, head, text, warning);
    }
  }
}
