package io.shield.history;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the members of a cluster run: each in a network namespace of its own, so that its network
 * can be cut; on the loopback where namespaces cannot be made.
 */
final class Hosts implements AutoCloseable {
  private static final int PORT = 5701;

  private final List<String> addresses = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();
  private final String id = Long.toString(ProcessHandle.current().pid() % 100_000, 36);

  private Hosts() {}

  static Hosts of(int count) throws Exception {
    Hosts made = new Hosts();
    try {
      made.makeNamespaces(count);
    } catch (IOException e) {
      made.close();
      made.addresses.clear();
      made.namespaces.clear();
      for (int i = 0; i < count; i++) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
          made.addresses.add("127.0.0.1:" + socket.getLocalPort());
        }
      }
    }
    return made;
  }

  private void makeNamespaces(int count) throws Exception {
    // Their own network, which no route leads out of.
    ip("link add " + bridge(0) + " type bridge");
    ip("link set " + bridge(0) + " up");
    ip("link add " + bridge(1) + " type bridge");
    ip("link set " + bridge(1) + " up");
    for (int i = 0; i < count; i++) {
      String name = "sh" + id + "n" + i;
      ip("netns add " + name);
      namespaces.add(name);
      String address = "10.213.77." + (i + 1);
      ip("link add " + outer(i) + " type veth peer name eth0 netns " + name);
      ip("link set " + outer(i) + " master " + bridge(0) + " up");
      ip("-n " + name + " addr add " + address + "/24 dev eth0");
      ip("-n " + name + " link set eth0 up");
      ip("-n " + name + " link set lo up");
      addresses.add(address + ":" + PORT);
    }
  }

  private String bridge(int number) {
    return "sh" + id + "b" + number;
  }

  private String outer(int place) {
    return "sh" + id + "v" + place;
  }

  private static void ip(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("ip " + arguments + ": " + said);
    }
  }

  /** Where members listen. */
  List<String> addresses() {
    return List.copyOf(addresses);
  }

  /** What a command that runs there begins with. */
  List<String> at(int place) {
    return namespaces.isEmpty() ? List.of() : List.of("ip", "netns", "exec", namespaces.get(place));
  }

  /** Whether the network can be cut. */
  boolean canSplit() {
    return !namespaces.isEmpty();
  }

  /** Nothing goes between this one and the others any more; no connection is closed. */
  void cutOff(int place) throws Exception {
    ip("link set " + outer(place) + " master " + bridge(1));
  }

  void heal(int place) throws Exception {
    ip("link set " + outer(place) + " master " + bridge(0));
  }

  @Override
  public void close() {
    for (String name : namespaces) {
      quietly("netns del " + name);
    }
    quietly("link del " + bridge(0));
    quietly("link del " + bridge(1));
  }

  /** What was not made cannot be removed. */
  private static void quietly(String arguments) {
    try {
      ip(arguments);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // It is not there.
    }
  }
}
