package io.shield.internal.value;

/**
 * Characters that nobody sees and that make a text look like another: those that turn the direction
 * of writing, those without width, and those that are empty.
 */
public final class Hidden {
  private Hidden() {}

  /** Whether a text has one. */
  public static boolean isIn(String text) {
    for (int i = 0; i < text.length(); i++) {
      // The first of them is the soft hyphen.
      if (text.charAt(i) >= 0xad && is(text.codePointAt(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a character is one; format characters are, and a few that Unicode classes otherwise.
   */
  public static boolean is(int c) {
    return Character.getType(c) == Character.FORMAT
        || c == 0x034f
        || c == 0x115f
        || c == 0x1160
        || c == 0x17b4
        || c == 0x17b5
        || (c >= 0x180b && c <= 0x180f)
        || c == 0x2800
        || c == 0x3164
        || (c >= 0xfe00 && c <= 0xfe0f)
        || c == 0xffa0
        || (c >= 0xe0000 && c <= 0xe0fff);
  }

  /** The text with escapes in their place. */
  public static String shown(String text) {
    if (!isIn(text)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (is(c)) {
                out.append(escape(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static String escape(int c) {
    return String.format(c > 0xffff ? "\\u{%x}" : "\\u%04x", c);
  }
}
