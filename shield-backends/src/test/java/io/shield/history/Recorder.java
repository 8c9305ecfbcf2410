package io.shield.history;

import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The history of a run, in memory and in a file. Thread-safe. */
final class Recorder implements AutoCloseable {
  private final List<HistoryEvent> events = new ArrayList<>();
  private final HistoryLog log;

  Recorder(Path file) throws IOException {
    log = HistoryLog.appendingTo(file);
  }

  synchronized void add(HistoryEvent event) {
    events.add(event);
    log.accept(event);
  }

  synchronized List<HistoryEvent> events() {
    return List.copyOf(events);
  }

  synchronized long count(Predicate<HistoryEvent> which) {
    return events.stream().filter(which).count();
  }

  @Override
  public synchronized void close() throws IOException {
    log.close();
  }
}
