package io.shield.impl.replica;

import io.shield.Store;
import io.shield.Store.Status.Condition;
import io.shield.internal.StoreText;
import io.shield.model.store.Head;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node makes of its store. Changes of the condition are logged; the end is final. */
final class StoreCondition {
  private static final Logger LOG = LoggerFactory.getLogger(StoreCondition.class);

  private boolean fromDisk;
  private volatile Store.Status status = new Store.Status(Condition.STARTING, Head.NONE, null);

  /** The condition. May be called from any thread. */
  Store.Status status() {
    return status;
  }

  boolean isClosed() {
    return is(Condition.CLOSED);
  }

  boolean isReady() {
    return is(Condition.READY);
  }

  boolean isDistrusted() {
    return is(Condition.DISTRUSTED);
  }

  private boolean is(Condition condition) {
    return status.condition() == condition;
  }

  /** What is in force was on disk, until the store is read. */
  void remembered() {
    fromDisk = true;
  }

  /** The copy is level with the store. */
  void ready(Head held) {
    if (isClosed()) {
      return;
    }
    fromDisk = false;
    if (is(Condition.UNREACHABLE) || is(Condition.DISTRUSTED)) {
      LOG.info("The store answers as expected again");
    }
    status = new Store.Status(Condition.READY, held, null);
  }

  /**
   * The store does not answer. One that was not believed before is not believed now.
   *
   * @param loaded whether it was read before
   */
  void unreachable(boolean loaded, Head held, Throwable cause) {
    if (isClosed() || is(Condition.DISTRUSTED)) {
      return;
    }
    String problem =
        cause.getMessage() + (fromDisk ? "; what is in force comes from the disk" : "");
    if (is(Condition.READY)) {
      LOG.warn("The store cannot be read, what is known stays in force: {}", problem);
    }
    status = new Store.Status(loaded ? Condition.UNREACHABLE : Condition.STARTING, held, problem);
  }

  /** The store holds what cannot have become of what this node knows. */
  void distrusted(Head held, Head found) {
    distrusted(held, StoreText.unlike(found, held));
  }

  /**
   * The store is not to be believed.
   *
   * @param reason why
   */
  void distrusted(Head held, String reason) {
    if (isClosed()) {
      return;
    }
    String problem =
        reason
            + "; what this node knows"
            + (fromDisk ? " (from its disk)" : "")
            + " stays in force and"
            + " changes are refused until the store is back, adopted or reseeded";
    if (!is(Condition.DISTRUSTED)) {
      LOG.error("Not believed: {}", problem);
    }
    status = new Store.Status(Condition.DISTRUSTED, held, problem);
  }

  void closed(Head held) {
    status = new Store.Status(Condition.CLOSED, held, null);
  }
}
