package io.shield.spi;

import io.shield.model.ShieldException;
import org.jspecify.annotations.Nullable;

/** The store cannot be reached now; trying again may help. */
public final class StoreUnreachableException extends ShieldException {
  private static final long serialVersionUID = 1L;

  public StoreUnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
