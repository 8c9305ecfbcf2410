package io.shield.bench.run;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that obeys lines and answers in lines; it ends when its input does. Not thread-safe.
 */
public final class Child implements AutoCloseable {
  private static final Path CHRT = Path.of("/usr/bin/chrt");

  private final String name;
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  /**
   * Starts it, without any configuration of Shield in its environment.
   *
   * @param main the public class whose main method it runs; it ends when that throws
   * @param flags of its JVM
   * @throws IOException if it cannot be started
   */
  public Child(Class<?> main, List<String> flags, String... arguments) throws IOException {
    this(List.of(), main, flags, arguments);
  }

  private Child(List<String> before, Class<?> main, List<String> flags, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Another binding on the class path would write to its output.
    command.add("-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider");
    command.add("-Dslf4j.internal.verbosity=WARN");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ChildMain.class.getName(), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("SHIELD_"));
    name = main.getSimpleName();
    process = builder.start();
    in = process.outputWriter(StandardCharsets.UTF_8);
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts one that stands for other machines: where Linux's {@code chrt} is at hand, it has a
   * processor only while nobody else wants it.
   *
   * @param main the public class whose main method it runs; it ends when that throws
   * @throws IOException if it cannot be started
   */
  public static Child elsewhere(Class<?> main, String... arguments) throws IOException {
    List<String> before =
        Files.isExecutable(CHRT) ? List.of(CHRT.toString(), "-i", "0") : List.of();
    return new Child(before, main, List.of(), arguments);
  }

  /** Says a line to it. */
  public void tell(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  /**
   * The next line.
   *
   * @throws IOException if it ended
   */
  public String hear() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException(name + " ended");
    }
    return line;
  }

  /**
   * What follows a word on the next line, which begins with it.
   *
   * @throws IOException if it ended, or said something else
   */
  public String hear(String word) throws IOException {
    String line = hear();
    if (!line.startsWith(word)) {
      throw new IOException(name + " said '" + line + "' and not '" + word + "'");
    }
    return line.substring(word.length()).strip();
  }

  /** Its number. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
