package io.shield.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.event.EventRecordingLogger;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.SubstituteLogger;

/** A logger that keeps its lines, as one for text writes them. */
public final class RecordedLog {
  private final Queue<SubstituteLoggingEvent> events = new ConcurrentLinkedQueue<>();
  private final Logger logger =
      new EventRecordingLogger(new SubstituteLogger("recorded", events, true), events);

  public Logger logger() {
    return logger;
  }

  /** The lines since the last call. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (SubstituteLoggingEvent event = events.poll(); event != null; event = events.poll()) {
      Object[] arguments = event.getArgumentArray();
      lines.add(MessageFormatter.arrayFormat(event.getMessage(), arguments).getMessage());
    }
    return lines;
  }
}
