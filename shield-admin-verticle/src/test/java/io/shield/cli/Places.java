package io.shield.cli;

import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Surroundings for commands that a test runs in this process. */
final class Places {
  private Places() {}

  /** No terminal, nothing on standard input. */
  static Surroundings without(Path home, Map<String, String> environment) {
    return with(home, environment, false, "");
  }

  static Surroundings with(
      Path home, Map<String, String> environment, boolean terminal, String input) {
    return new Surroundings(
        environment,
        home,
        home,
        "tester",
        new Terminal(
            terminal,
            terminal,
            terminal,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))));
  }
}
