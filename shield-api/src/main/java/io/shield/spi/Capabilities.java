package io.shield.spi;

/**
 * What a store can do.
 *
 * @param multiWriter whether several engines, also in other processes, may write at the same time
 * @param push whether commits are pushed to subscribers; otherwise the engine polls {@link
 *     ShieldBackend#head}
 * @param persistent whether what was accepted survives the end of all processes
 * @param renewable whether an operator can begin a new epoch, see {@link ShieldBackend#renew}
 */
public record Capabilities(
    boolean multiWriter, boolean push, boolean persistent, boolean renewable) {
  /** Those of a store whose epoch cannot be renewed. */
  public Capabilities(boolean multiWriter, boolean push, boolean persistent) {
    this(multiWriter, push, persistent, false);
  }
}
