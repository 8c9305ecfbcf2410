package io.shield.spi;

import io.shield.error.ShieldException;
import org.jspecify.annotations.Nullable;

/**
 * The store refused a change for a reason of its own, a full disk for instance; nothing was
 * written.
 */
public final class ChangeRefusedException extends ShieldException {
  private static final long serialVersionUID = 1L;

  public ChangeRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
