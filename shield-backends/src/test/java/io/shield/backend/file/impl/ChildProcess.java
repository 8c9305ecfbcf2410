package io.shield.backend.file.impl;

import io.shield.fixtures.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running {@link StoreProcess}. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream commands;

  private ChildProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts a process that works on the file. */
  static ChildProcess start(Path file) throws IOException {
    return new ChildProcess(java(file));
  }

  /** Starts one that cannot write files larger than so many KiB, until {@link #unlimit}. */
  static ChildProcess startLimited(Path file, int kibibytes) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("bash", "-c", "ulimit -S -f " + kibibytes + "; exec \"$@\"", "bash"));
    command.addAll(java(file));
    return new ChildProcess(command);
  }

  private static List<String> java(Path file) {
    return JavaCommand.of(StoreProcess.class, file.toString());
  }

  void send(String command) {
    commands.println(command);
  }

  /** The next answer; null at the end. */
  String answer() throws IOException {
    return answers.readLine();
  }

  String ask(String command) throws IOException {
    send(command);
    return answer();
  }

  /** Waits for it to answer with the given word. */
  ChildProcess expect(String word) throws IOException {
    String answer = answer();
    if (answer == null || !answer.startsWith(word)) {
      throw new AssertionError("expected '" + word + "', got '" + answer + "'");
    }
    return this;
  }

  /** Whether it ended within the time. */
  boolean endsWithin(long time, TimeUnit unit) throws InterruptedException {
    return process.waitFor(time, unit);
  }

  /** Kills it and returns what it still had answered. */
  List<String> kill() throws IOException {
    process.toHandle().destroyForcibly(); // Unlike the process's own method it closes no stream.
    List<String> rest = new ArrayList<>();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      rest.add(line);
    }
    return rest;
  }

  void signal(String name) throws IOException, InterruptedException {
    run("kill", "-" + name, String.valueOf(process.pid()));
  }

  /** Takes the limit of the size of files away. */
  void unlimit() throws IOException, InterruptedException {
    run("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=unlimited:unlimited");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
