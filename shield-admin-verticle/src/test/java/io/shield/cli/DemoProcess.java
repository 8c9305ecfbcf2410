package io.shield.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command in a process of its own, with nothing of this one's environment for Shield. */
final class DemoProcess implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("http://localhost:(\\d+)");
  private static final int TIMEOUT_SECONDS = 60;

  private final Process process;
  private final Path errors;
  private final BufferedReader out;

  /**
   * Starts the command.
   *
   * @param directory where it runs; its log goes there too
   */
  DemoProcess(Path directory, Map<String, String> environment, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    errors = Files.createTempFile(directory, "stderr", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SHIELD_"));
    builder.environment().putAll(environment);
    process = builder.start();
    out = process.inputReader(UTF_8);
  }

  /** Waits for the line that says that it serves, and returns it. */
  String greeting() throws IOException {
    StringBuilder greeting = new StringBuilder();
    String line = out.readLine();
    while (line != null && !line.isEmpty()) {
      greeting.append(line).append('\n');
      line = out.readLine();
    }
    assertThat(line).as("it ends with an empty line; stderr: %s", stderr()).isNotNull();
    return greeting.toString();
  }

  /** Waits for the first line that it prints. */
  String firstLine() throws IOException {
    String line = out.readLine();
    assertThat(line).as("it prints something; stderr: %s", stderr()).isNotNull();
    return line;
  }

  /** The port that it tells. */
  static int port(String greeting) {
    Matcher url = URL.matcher(greeting);
    assertThat(url.find()).as(greeting).isTrue();
    return Integer.parseInt(url.group(1));
  }

  /** What is left of its output. */
  List<String> remainingLines() {
    return out.lines().toList();
  }

  String stderr() throws IOException {
    return Files.readString(errors);
  }

  /** Asks it to end, as a terminal or a container does. */
  void terminate() {
    // Not Process.destroy, which closes its output before it is read.
    process.toHandle().destroy();
  }

  /** Waits for its end; returns the exit code. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
