package io.shield.history;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts what Redis sends into its values, as protocol versions 2 and 3 encode them. */
final class RespStream {
  private static final int UNFINISHED = -1;

  private Buffer rest = Buffer.buffer();

  /** Takes in what arrived and returns the values that are whole now. */
  List<Buffer> values(Buffer arrived) {
    rest = rest.copy().appendBuffer(arrived);
    List<Buffer> values = new ArrayList<>();
    int start = 0;
    for (int end = end(0); end != UNFINISHED; end = end(start)) {
      values.add(rest.getBuffer(start, end));
      start = end;
    }
    rest = rest.getBuffer(start, rest.length());
    return values;
  }

  /** Whether a value is a message of a channel. */
  static boolean isMessage(Buffer value) {
    String start = value.getString(0, Math.min(value.length(), 16), "ISO-8859-1");
    return start.startsWith("\r\n$7\r\nmessage", 2);
  }

  /** Where the value that starts at a position ends. */
  private int end(int start) {
    int line = endOfLine(start);
    if (line == UNFINISHED) {
      return UNFINISHED;
    }
    return switch (rest.getByte(start)) {
      case '$', '=', '!' -> endOfText(line, length(start, line));
      case '*', '>', '~' -> endOfAll(line, length(start, line));
      case '%', '|' -> endOfAll(line, 2 * length(start, line));
      default -> line;
    };
  }

  private int endOfLine(int start) {
    for (int i = start; i + 1 < rest.length(); i++) {
      if (rest.getByte(i) == '\r' && rest.getByte(i + 1) == '\n') {
        return i + 2;
      }
    }
    return UNFINISHED;
  }

  private int length(int start, int line) {
    byte[] digits = rest.getBytes(start + 1, line - 2);
    return Integer.parseInt(new String(digits, StandardCharsets.US_ASCII));
  }

  private int endOfText(int start, int length) {
    int end = length < 0 ? start : start + length + 2;
    return end <= rest.length() ? end : UNFINISHED;
  }

  private int endOfAll(int start, int count) {
    int end = start;
    for (int i = 0; i < count && end != UNFINISHED; i++) {
      end = end(end);
    }
    return end;
  }
}
