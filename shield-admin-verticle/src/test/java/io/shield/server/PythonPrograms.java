package io.shield.server;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that run with api-shield or waygate, in Python. They are in the directory that {@code
 * PYTHON_CLIENTS} names, where the build's script puts them.
 */
final class PythonPrograms {
  static final String PASSWORD = "correct horse battery";

  private PythonPrograms() {}

  /** Where those of a family are; skips the test where they are not installed. */
  static Path of(String family) {
    String clients = System.getenv("PYTHON_CLIENTS");
    assumeThat(clients).as("PYTHON_CLIENTS names no Python clients").isNotNull();
    Path programs = Path.of(clients, family, "bin");
    assumeThat(programs.resolve(family)).as("no %s is installed", family).exists();
    return programs;
  }

  /**
   * Starts a script of the test resources, which is told the family first and finds the password in
   * its environment. Skips the test where the family is not installed.
   */
  static Process start(String family, Path directory, String script, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(of(family).resolve("python").toString());
    command.add(Path.of("src/test/resources", script).toAbsolutePath().toString());
    command.add(family);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(SHIELD|WAYGATE)_.*"));
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("COLUMNS", "250");
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    builder.environment().put("PASSWORD", PASSWORD);
    return builder.redirectError(directory.resolve("errors.log").toFile()).start();
  }
}
