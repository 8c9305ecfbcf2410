package io.shield.backend.file.impl;

import io.shield.backend.file.impl.FileStamp.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for what went wrong, on one line. */
final class Problems {
  private static final int LONGEST = 300;

  private Problems() {}

  static String of(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (e instanceof FileSystemException said && said.getReason() != null) {
      return oneLine(said.getReason());
    }
    String message = e.getMessage();
    return oneLine(message == null ? e.getClass().getSimpleName() : message);
  }

  static String of(Kind kind) {
    return switch (kind) {
      case FILE -> "a file";
      case DIRECTORY -> "a directory";
      case LINK -> "a symbolic link";
      case OTHER -> "a device or socket";
    };
  }

  /** Text of others as it may stand in a log line. */
  static String oneLine(String text) {
    StringBuilder out = new StringBuilder();
    boolean gap = false;
    for (int i = 0; i < text.length() && out.length() < LONGEST; i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || Character.isISOControl(c)) {
        gap = out.length() > 0;
        continue;
      }
      if (gap) {
        out.append(' ');
        gap = false;
      }
      out.append(c);
    }
    return out.toString();
  }
}
