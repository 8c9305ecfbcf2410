package io.shield.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of every error Shield reports on purpose. The message is one line written for a person:
 * it names what was wrong, the value, and what is allowed. It carries no stack trace of its own
 * when it only reports a caller's mistake.
 */
public class ShieldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with no other cause; carries no stack trace. */
  public ShieldException(String message) {
    super(message, null, false, false);
  }

  /** An error caused by another; carries a stack trace, because it is not the caller's mistake. */
  public ShieldException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
