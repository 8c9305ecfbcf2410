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

  /**
   * A message, in lines that break between words.
   *
   * @param columns how wide they may be, 0 for one line
   */
  public static String wrapped(String message, int columns) {
    String text = oneLine(message);
    if (columns == 0 || text.length() <= columns) {
      return text;
    }
    StringBuilder lines = new StringBuilder();
    int width = 0;
    for (String word : text.split(" ", -1)) {
      boolean fits = width + 1 + word.length() <= columns;
      lines.append(width == 0 ? "" : fits ? " " : "\n").append(word);
      width = (width > 0 && fits ? width + 1 : 0) + word.length();
    }
    return lines.toString();
  }

  /** Control characters, line separators, and what is hidden or turns the direction of writing. */
  private static boolean breaks(int c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || Hidden.is(c);
  }
}
