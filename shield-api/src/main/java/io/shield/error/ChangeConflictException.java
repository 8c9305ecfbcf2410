package io.shield.error;

/** What is stored does not allow the change; nothing was changed. */
public final class ChangeConflictException extends ShieldException {
  private static final long serialVersionUID = 1L;

  public ChangeConflictException(String message) {
    super(message);
  }
}
