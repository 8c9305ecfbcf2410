package io.shield.admin.impl;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All streams of an API, on whatever context. Thread-safe. */
final class Streams {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private final LongAdder cuts = new LongAdder();

  void add(EventStream stream) {
    open.add(stream);
  }

  void remove(EventStream stream) {
    open.remove(stream);
  }

  int size() {
    return open.size();
  }

  /** How many were cut because the client read too slowly. */
  long cuts() {
    return cuts.sum();
  }

  void countCut(StreamClient client) {
    cuts.increment();
    LOG.debug("A stream of {} was cut: its client reads too slowly", client.service());
  }

  /** Services' clients, the longest connected first. */
  List<StreamClient> clients() {
    return open.stream()
        .map(EventStream::client)
        .filter(client -> client.kind() != StreamClient.Kind.PEOPLE)
        .sorted(Comparator.comparing(StreamClient::since))
        .toList();
  }
}
