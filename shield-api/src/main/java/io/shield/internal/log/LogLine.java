package io.shield.internal.log;

import io.shield.internal.value.LogText;
import org.slf4j.Logger;
import org.slf4j.spi.DefaultLoggingEventBuilder;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A line of key-value pairs. A binding that knows pairs gets the values as they are, and writes
 * them in its own way. For one that does not, SLF4J puts {@code key=value} before the message:
 * there a value that holds blanks or quotes is quoted, so that it can be told where it ends.
 */
public final class LogLine {
  private LoggingEventBuilder line;
  private final boolean merged;

  private LogLine(Logger logger) {
    line = logger.atInfo();
    // Log4j has a builder of its own, Logback takes the event.
    merged =
        line.getClass() == DefaultLoggingEventBuilder.class
            && !(logger instanceof LoggingEventAware);
  }

  /** Of level info. */
  public static LogLine info(Logger logger) {
    return new LogLine(logger);
  }

  /** A text that somebody sent: in one line, cut to a length. */
  public LogLine with(String key, String text) {
    return withAll(key, LogText.of(text));
  }

  /** A text of any length whose parts have been made fit for a log. */
  public LogLine withAll(String key, String text) {
    line = line.addKeyValue(key, merged ? quoted(text) : text);
    return this;
  }

  /** A number. */
  public LogLine with(String key, long number) {
    line = line.addKeyValue(key, number);
    return this;
  }

  /** Writes it. */
  public void log(String message) {
    line.log(message);
  }

  /** Of control characters there are none any more. */
  private static String quoted(String text) {
    boolean clear =
        !text.isEmpty()
            && text.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '=');
    return clear ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
