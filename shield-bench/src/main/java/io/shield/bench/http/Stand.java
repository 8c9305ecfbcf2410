package io.shield.bench.http;

import io.shield.bench.run.Child;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers, which all run the whole time, and their client. */
final class Stand implements AutoCloseable {
  private static final List<String> SERVER_FLAGS =
      List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");
  private static final List<String> CLIENT_FLAGS =
      List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC");

  private static final int WARM_MILLIS = 500;

  /** A server, and the word that the client knows it by. */
  private record Server(Child child, String port) {}

  private final int millis;
  private final int perSecond;
  private final Map<Variant, Server> servers = new EnumMap<>(Variant.class);
  private final Child client;

  /**
   * Starts all and sees that they do what they are called.
   *
   * @param redis the URL of the Redis that counts; null leaves out what needs one
   * @param millis how long each half of a slice takes
   * @param perSecond the steady pace
   */
  Stand(@Nullable String redis, int millis, int perSecond) throws IOException {
    this.millis = millis;
    this.perSecond = perSecond;
    client = new Child(LoadClient.class, CLIENT_FLAGS);
    Map<Variant, Child> started = new EnumMap<>(Variant.class);
    for (Variant variant : Variant.values()) {
      if (variant != Variant.REDIS_LIMIT || redis != null) {
        List<String> arguments = new ArrayList<>(List.of(variant.name()));
        if (variant == Variant.REDIS_LIMIT && redis != null) {
          arguments.add(redis);
        }
        started.put(
            variant, new Child(LoadedServer.class, SERVER_FLAGS, arguments.toArray(String[]::new)));
      }
    }
    for (Map.Entry<Variant, Child> each : started.entrySet()) {
      Server server = new Server(each.getValue(), each.getValue().hear("port"));
      servers.put(each.getKey(), server);
      check(each.getKey(), server);
    }
  }

  private static void check(Variant variant, Server server) throws IOException {
    int status = status(server, LoadedServer.closed());
    if (status != (variant.isShield() ? 503 : 200)) {
      throw new IOException(variant + " answered with " + status + " where a route is closed");
    }
    String limit = open(server, LoadedServer.askedFor()).getHeaderField("X-RateLimit-Limit");
    if ((limit != null) != variant.isLimiting()) {
      throw new IOException(variant + " told of the limit " + limit);
    }
  }

  private static int status(Server server, String path) throws IOException {
    return open(server, path).getResponseCode();
  }

  private static HttpURLConnection open(Server server, String path) throws IOException {
    URI uri = URI.create("http://localhost:" + server.port + path);
    return (HttpURLConnection) uri.toURL().openConnection();
  }

  List<Variant> variants() {
    return List.copyOf(servers.keySet());
  }

  private Server server(Variant variant) {
    Server server = servers.get(variant);
    if (server == null) {
      throw new IllegalArgumentException(variant + " was left out");
    }
    return server;
  }

  /**
   * Loads a server until its code is compiled.
   *
   * @param requests after so many it is
   * @param mostMillis how long that may take on a machine that has other work
   */
  void warm(Variant variant, int requests, int mostMillis) throws IOException {
    Server server = server(variant);
    long answered = 0;
    for (int i = 0; i < mostMillis / WARM_MILLIS && answered < requests; i++) {
      answered += fill(server, WARM_MILLIS)[0];
    }
    pace(server, WARM_MILLIS);
  }

  Slice measure(Variant variant) throws IOException {
    Server server = server(variant);
    long before = used(server);
    long[] filled = fill(server, millis);
    long used = used(server) - before;
    long[] paced = pace(server, millis);
    return new Slice(
        filled[0] * 1e9 / filled[1], filled[0] * 1e9 / used, paced[0] / 1e6, paced[1] / 1e6);
  }

  private long[] fill(Server server, int forMillis) throws IOException {
    client.tell("fill " + server.port + " " + forMillis);
    return numbers(client.hear("filled"));
  }

  private long[] pace(Server server, int forMillis) throws IOException {
    client.tell("pace " + server.port + " " + perSecond + " " + forMillis);
    return numbers(client.hear("paced"));
  }

  private static long used(Server server) throws IOException {
    server.child.tell("used");
    return Long.parseLong(server.child.hear("used"));
  }

  private static long[] numbers(String line) {
    String[] words = line.split(" ", -1);
    return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
  }

  @Override
  public void close() {
    servers.values().forEach(server -> server.child.close());
    client.close();
  }
}
