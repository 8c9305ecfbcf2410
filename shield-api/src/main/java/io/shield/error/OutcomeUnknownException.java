package io.shield.error;

import org.jspecify.annotations.Nullable;

/** The store did not say in time whether it made a change. It was made once or not at all. */
public final class OutcomeUnknownException extends ShieldException {
  private static final long serialVersionUID = 1L;

  public OutcomeUnknownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
