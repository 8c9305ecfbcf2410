package io.shield.error;

import org.jspecify.annotations.Nullable;

/** A value that is not allowed: the message names the field, the value and what is allowed. */
public final class InvalidValueException extends ShieldException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 100;

  private final String field;
  private final String allowed;

  /**
   * @param field the field's name as it stands in JSON and options
   * @param value the offending value; cut to 100 characters in the message
   * @param allowed what would have been accepted, as the end of "must be ..."
   */
  public InvalidValueException(String field, Object value, String allowed) {
    super(field + ": " + shown(value) + " is not allowed, must be " + allowed);
    this.field = field;
    this.allowed = allowed;
  }

  private InvalidValueException(String message, String field, String allowed) {
    super(message);
    this.field = field;
    this.allowed = allowed;
  }

  /** The same of a field that is part of something: the message begins with what that is. */
  public InvalidValueException within(String what) {
    return new InvalidValueException(what + ": " + getMessage(), field, allowed);
  }

  /** The name of the offending field. */
  public String field() {
    return field;
  }

  /** What would have been accepted, as the end of "must be ...". */
  public String allowed() {
    return allowed;
  }

  /** A value as it may appear in a message: quoted, cut, what breaks a line or a text escaped. */
  private static String shown(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String text = value.toString();
    StringBuilder out = new StringBuilder();
    text.substring(0, Math.min(text.length(), SHOWN))
        .codePoints()
        .forEach(
            c -> {
              if (breaksText(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    if (text.length() > SHOWN) {
      out.append("...");
    }
    return value instanceof CharSequence ? "'" + out + "'" : out.toString();
  }

  private static boolean breaksText(int c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.SURROGATE;
  }
}
