package io.shield.cli.terminal;

/** Keeps what others wrote from breaking a line or steering the terminal. */
public final class Lines {
  private Lines() {}

  /** The text on one line: control characters and line separators are shown as escapes. */
  public static String oneLine(String text) {
    if (text.chars().noneMatch(Lines::breaks)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      shown.append(breaks(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return shown.toString();
  }

  /** Control characters, line separators, and those that turn the direction of writing. */
  private static boolean breaks(int c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
