package io.shield.history;

import io.shield.backend.redis.RedisProcess;
import io.shield.fixtures.history.HistoryEvent.At;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A Redis whose data can be kept, lost and set back. */
final class RedisDisk implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Path data;
  private final Path dump;
  private final RedisProcess process;

  private RedisDisk(Path data, Path dump, RedisProcess process) {
    this.data = data;
    this.dump = dump;
    this.process = process;
  }

  static RedisDisk start(Path directory) throws Exception {
    Path data = Files.createDirectory(directory.resolve("redis"));
    return new RedisDisk(data, directory.resolve("dump"), RedisProcess.start(data));
  }

  RedisProcess process() {
    return process;
  }

  /** Keeps a copy of the data; to be called while nobody writes. */
  void dump() throws IOException {
    copy(data, dump);
  }

  /** Loses everything. */
  void empty() throws IOException {
    command("FLUSHALL");
  }

  /** Kills it and starts it again with what was kept. */
  void restartFromDump() throws Exception {
    process.kill();
    copy(dump, data);
    process.restart();
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      try (Stream<Path> old = Files.walk(to)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path path : files.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  /** Where the store is, asked without any backend. */
  At at() throws IOException {
    List<String> head = ask("HMGET shield:meta:head epoch revision commit", 7);
    return new At(head.get(2), Long.parseLong(head.get(4)), head.get(6));
  }

  /** Sends a command that is answered with one line. */
  void command(String command) throws IOException {
    ask(command, 1);
  }

  private List<String> ask(String command, int lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), process.port())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      List<String> answer = new ArrayList<>();
      for (int i = 0; i < lines; i++) {
        String line = answers.readLine();
        if (line == null || line.startsWith("-")) {
          throw new IOException(command + " was answered " + line);
        }
        answer.add(line);
      }
      return answer;
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
