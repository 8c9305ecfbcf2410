package io.shield.backend.file.impl;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Keeps what is logged. */
final class RecordingLog extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  private final transient List<String> warnings = new CopyOnWriteArrayList<>();
  private final transient List<String> infos = new CopyOnWriteArrayList<>();

  /** The lines of level warn and above. */
  List<String> warnings() {
    return warnings;
  }

  List<String> infos() {
    return infos;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String text, Object[] arguments, Throwable thrown) {
    String line = MessageFormatter.basicArrayFormat(text, arguments);
    (level.toInt() >= Level.WARN.toInt() ? warnings : infos).add(line);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return RecordingLog.class.getName();
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public boolean isInfoEnabled() {
    return true;
  }

  @Override
  public boolean isWarnEnabled() {
    return true;
  }

  @Override
  public boolean isErrorEnabled() {
    return true;
  }
}
