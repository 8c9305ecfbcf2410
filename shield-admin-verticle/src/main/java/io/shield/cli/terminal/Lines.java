package io.shield.cli.terminal;

import io.shield.internal.value.Hidden;

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

  /** Control characters, line separators, and what is hidden or turns the direction of writing. */
  private static boolean breaks(int c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || Hidden.is(c);
  }
}
