package io.shield.bench.fanout;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that obeys lines and answers in lines; it ends when its input does. */
final class Child implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  Child(Class<?> main, List<String> flags, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("SHIELD_"));
    name = main.getSimpleName();
    process = builder.start();
    in = process.outputWriter(StandardCharsets.UTF_8);
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  void tell(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  /** The next line. */
  String hear() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException(name + " ended");
    }
    return line;
  }

  /** What follows a word on the next line, which begins with it. */
  String hear(String word) throws IOException {
    String line = hear();
    if (!line.startsWith(word)) {
      throw new IOException(name + " said '" + line + "' and not '" + word + "'");
    }
    return line.substring(word.length()).strip();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
