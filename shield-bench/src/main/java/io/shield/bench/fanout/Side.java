package io.shield.bench.fanout;

import io.shield.bench.run.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.ToLongFunction;

/** A server and the clients that follow it, each a process of its own. */
final class Side implements AutoCloseable {
  /** When the clients had a change: nanoseconds after it was acknowledged. */
  record Round(long first, long median, long last) {}

  static final List<String> HEAP = List.of("-Xmx512m");
  private static final int PROCESSES = 2;

  private final Child server;
  private final List<Child> clients = new ArrayList<>();
  private final List<Round> rounds = new ArrayList<>();
  private final double heapPerClient;
  private final long resident;
  private String event = "";

  /**
   * @param kind of the server
   * @param count how many clients
   */
  Side(String kind, int count) throws IOException {
    server = new Child(FanoutServer.class, HEAP, kind);
    String port = server.hear("port");
    // What all clients share is there with the first.
    follow(port, 1);
    long before = stats()[0];
    for (int i = 0; i < PROCESSES; i++) {
      follow(port, (count - 1) / PROCESSES);
    }
    long[] stats = stats();
    heapPerClient = (stats[0] - before) / (double) (count - 1);
    resident = stats[1];
  }

  private void follow(String port, int count) throws IOException {
    Child child = new Child(FanoutClients.class, HEAP, port, Integer.toString(count));
    clients.add(child);
    child.hear("ready");
  }

  private long[] stats() throws IOException {
    server.tell("stats");
    return Arrays.stream(server.hear("stats").split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }

  /** Makes a change, and waits until all clients have it. */
  void round(String argument) throws IOException {
    server.tell("change " + argument);
    long from = Long.parseLong(server.hear("done"));
    List<Long> all = new ArrayList<>();
    for (Child child : clients) {
      String line = child.hear();
      if (line.startsWith("event ")) {
        event = line.substring("event ".length());
        line = child.hear();
      }
      for (String time : line.substring("times ".length()).split(" ", -1)) {
        all.add(Math.max(0, Long.parseLong(time) - from));
      }
    }
    all.sort(null);
    rounds.add(new Round(all.get(0), all.get(all.size() / 2), all.get(all.size() - 1)));
  }

  /** Forgets what was measured so far. */
  void warm() {
    rounds.clear();
  }

  /** The event that the clients were sent, with the mark of another round. */
  String event(int round) {
    String text = new String(Base64.getDecoder().decode(event), StandardCharsets.ISO_8859_1);
    byte[] bytes =
        text.replace(FanoutClients.mark(0), FanoutClients.mark(round))
            .getBytes(StandardCharsets.ISO_8859_1);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** When a client had a change, as the median of all changes. */
  double millis(ToLongFunction<Round> client) {
    long[] sorted = rounds.stream().mapToLong(client).sorted().toArray();
    return sorted[sorted.length / 2] / 1e6;
  }

  double heapPerClient() {
    return heapPerClient;
  }

  double residentMib() {
    return resident / 1024.0 / 1024;
  }

  @Override
  public void close() {
    clients.forEach(Child::close);
    server.close();
  }
}
