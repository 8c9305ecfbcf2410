package io.shield.backend.file.impl;

import java.nio.file.Path;

/** Content that cannot be read, or not wholly; the message says where. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  /**
   * @param line counted from 1, or 0 if it is not known
   * @param column counted from 1, or 0 if it is not known
   */
  UnreadableException(String problem, int line, int column) {
    super(Problems.oneLine(problem), null, false, false);
    this.line = line;
    this.column = column;
  }

  /** The problem after the place of it. */
  String in(Path file) {
    StringBuilder out = new StringBuilder(file.toString());
    if (line > 0) {
      out.append(", line ").append(line);
    }
    if (column > 0) {
      out.append(", column ").append(column);
    }
    return out.append(": ").append(getMessage()).toString();
  }
}
