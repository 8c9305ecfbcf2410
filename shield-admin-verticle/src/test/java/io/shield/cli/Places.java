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
    return with(home, environment, terminal, input, () -> {});
  }

  /**
   * At a terminal, or not.
   *
   * @param whenRead what happens before the first of the input is read
   */
  static Surroundings with(
      Path home,
      Map<String, String> environment,
      boolean terminal,
      String input,
      Runnable whenRead) {
    return new Surroundings(
        environment,
        home,
        home,
        "tester",
        new Terminal(terminal, terminal, terminal, new Input(input, whenRead)));
  }

  /** Text that is typed. */
  private static final class Input extends ByteArrayInputStream {
    private final Runnable whenRead;

    Input(String text, Runnable whenRead) {
      super(text.getBytes(StandardCharsets.UTF_8));
      this.whenRead = whenRead;
    }

    @Override
    public synchronized int read() {
      told();
      return super.read();
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) {
      told();
      return super.read(into, from, length);
    }

    private void told() {
      if (pos == 0) {
        whenRead.run();
      }
    }
  }
}
