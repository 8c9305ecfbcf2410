package io.shield.spi;

import io.shield.error.ShieldException;
import org.jspecify.annotations.Nullable;

/** The store cannot be reached now; trying again may help. */
public final class StoreUnreachableException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final boolean unsent;

  /** What was asked of the store may have reached it, or it does not matter. */
  public StoreUnreachableException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  /**
   * @param unsent whether it is certain that nothing was sent, so that a change was not made
   */
  public StoreUnreachableException(String message, @Nullable Throwable cause, boolean unsent) {
    super(message, cause);
    this.unsent = unsent;
  }

  /** Whether it is certain that nothing was sent. */
  public boolean isUnsent() {
    return unsent;
  }
}
