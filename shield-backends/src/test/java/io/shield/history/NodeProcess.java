package io.shield.history;

import io.shield.fixtures.JavaCommand;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Left;
import io.shield.fixtures.history.HistoryLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A running {@link HistoryNode}, whose events go to a recorder. */
final class NodeProcess implements AutoCloseable {
  private final String name;
  private final Recorder recorder;
  private final Process process;
  private final PrintStream commands;
  private final CompletableFuture<Void> allRead;
  private volatile NodeStatus status = NodeStatus.NONE;

  private NodeProcess(String name, Recorder recorder, Process process) {
    this.name = name;
    this.recorder = recorder;
    this.process = process;
    this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.allRead =
        CompletableFuture.runAsync(
            this::read, read -> new Thread(read, "events of " + name).start());
  }

  /**
   * Starts a node.
   *
   * @param where what its command begins with, to run it elsewhere on this host
   * @param url its way to Redis, or a place in a cluster
   * @param directory for its cache, shared with those it replaces, and its log
   */
  static NodeProcess start(
      List<String> where, String name, String url, Path directory, long seed, Recorder recorder)
      throws IOException {
    String cache = directory.resolve("cache").toString();
    List<String> command = new ArrayList<>(where);
    command.addAll(JavaCommand.of(HistoryNode.class, name, url, cache, Long.toString(seed)));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("node.log").toFile()))
            .start();
    return new NodeProcess(name, recorder, process);
  }

  /** A last line that a killed process did not finish is left out. */
  private void read() {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    try {
      for (int c = lines.read(); c >= 0; c = lines.read()) {
        if (c != '\n') {
          line.append((char) c);
        } else {
          take(line.toString());
          line.setLength(0);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(String line) {
    if (NodeStatus.isStatus(line)) {
      status = NodeStatus.parse(line);
    } else {
      recorder.add(HistoryLog.event(line));
    }
  }

  String name() {
    return name;
  }

  /** What it said last. */
  NodeStatus status() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended by itself, see its log");
    }
    return status;
  }

  void send(String command) {
    commands.println(command);
  }

  /** How many of its events are such. */
  long count(Predicate<HistoryEvent> which) {
    return recorder.count(event -> event.node().equals(name) && which.test(event));
  }

  void halt() throws Exception {
    signal("-STOP");
  }

  void resume() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    int code = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IOException("kill " + signal + " of " + name + " failed");
    }
  }

  /** Kills it; what it had told is recorded. */
  void kill() {
    end();
    recorder.add(new Left(name));
  }

  /** Waits until it has ended by itself; what it had told is recorded. */
  void awaitEnd() throws Exception {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException(name + " does not end");
    }
    allRead.join();
    recorder.add(new Left(name));
  }

  private void end() {
    // The process's own method closes the stream before it is read.
    process.toHandle().destroyForcibly();
    process.onExit().join();
    allRead.join();
  }

  @Override
  public void close() {
    end();
  }
}
