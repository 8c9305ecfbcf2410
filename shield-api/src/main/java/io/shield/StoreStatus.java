package io.shield;

import io.shield.model.store.Head;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the store is doing, as this node sees it.
 *
 * @param condition the condition
 * @param head the head in force on this node
 * @param problem what is wrong, in one line, or null
 * @param warning what should be mended although the store works, in one line, or null
 */
public record StoreStatus(
    Condition condition, Head head, @Nullable String problem, @Nullable String warning) {
  /** One without a warning. */
  public StoreStatus(Condition condition, Head head, @Nullable String problem) {
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

  public StoreStatus {
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(head, "head");
  }

  /** The same with this warning. */
  public StoreStatus withWarning(@Nullable String text) {
    return new StoreStatus(condition, head, problem, text);
  }
}
