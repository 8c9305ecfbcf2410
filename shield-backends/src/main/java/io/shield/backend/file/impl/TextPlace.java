package io.shield.backend.file.impl;

import java.util.List;

/**
 * Finds the line that a person has to look at. A tree of values no longer knows where it stood in
 * the text; its names, searched one after the other, do.
 */
final class TextPlace {
  private TextPlace() {}

  /** The line, from 1, of the last of the names that is found after those before it. */
  static int line(String text, String... names) {
    int at = 0;
    for (String name : names) {
      int found = find(text, name, at);
      if (found >= 0) {
        at = found;
      }
    }
    return lineAt(text, at);
  }

  /** A name as the formats write it, so that it is not found within another one. */
  private static int find(String text, String name, int from) {
    for (String written : List.of('"' + name + '"', "'" + name + "'", name + ":", name)) {
      int found = text.indexOf(written, from);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  /** The line, from 1, of a position. */
  static int lineAt(String text, int position) {
    int line = 1;
    for (int i = 0; i < position && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }
}
