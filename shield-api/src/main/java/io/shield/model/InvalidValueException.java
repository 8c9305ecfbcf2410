package io.shield.model;

/** A value that is not allowed: the message names the field, the value and what is allowed. */
public final class InvalidValueException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String allowed;

  /**
   * @param field the field's name as it stands in JSON and options
   * @param value the offending value; cut to 100 characters in the message
   * @param allowed what would have been accepted, as the end of "must be ..."
   */
  public InvalidValueException(String field, Object value, String allowed) {
    super(field + ": " + Checks.shown(value) + " is not allowed, must be " + allowed);
    this.field = field;
    this.allowed = allowed;
  }

  /** The name of the offending field. */
  public String field() {
    return field;
  }

  /** What would have been accepted, as the end of "must be ...". */
  public String allowed() {
    return allowed;
  }
}
